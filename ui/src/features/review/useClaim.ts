// Taking an item for oneself for a while, keeping it, and giving it back.
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import type { Refused } from "./useDecide";
import { useCards } from "./useReview";

export interface Claiming {
  readonly pending: boolean;
  /** Takes it, or makes the own claim last longer. */
  take: (review: string) => void;
  giveBack: (review: string) => void;
}

export function useClaim(refuse: (refused: Refused) => void): Claiming {
  const cards = useCards();
  // One after another, so that the newest row is the last one put; and heard also in another room, because the next
  // decision on the item names the version that this makes.
  const inOrder = { scope: { id: "claims" }, onSuccess: cards.put };
  const claim = hooks.useMutation("post", "/api/v1/reviews/{review}/claim", inOrder);
  const release = hooks.useMutation("delete", "/api/v1/reviews/{review}/claim", inOrder);
  const failed = (review: string) => (thrown: unknown) => {
    refuse({ review, what: "claim", error: asApiError(thrown) });
    cards.reread(review);
  };
  const init = (review: string) => ({ params: { path: { review } } });
  return {
    pending: claim.isPending || release.isPending,
    take: (review) => claim.mutate(init(review), { onError: failed(review) }),
    // Nothing is lost when this fails: the claim ends by itself.
    giveBack: (review) => release.mutate(init(review)),
  };
}

// One item with its evidence, and the claim on it.
import { useQueryClient } from "@tanstack/react-query";
import { cacheTags, hooks, type Wire } from "@/ipc/api";

const PATH = "/api/v1/reviews/{review}";
const DECISION = `${PATH}/decision`;

const initOf = (review: string) => ({ params: { path: { review } } });

export function useReview(review: string | null) {
  return hooks.useQuery("get", PATH, initOf(review ?? ""), { enabled: review !== null });
}

export interface Cards {
  /** Puts a newer row into the card that is on screen. */
  put: (row: Wire<"Review">) => void;
  /** Reads again what a decision on the item moves. */
  settled: (review: string) => Promise<unknown>;
  /** Reads the item and the list again. */
  reread: (review: string) => void;
  /** Reads a card before anybody asks for it. */
  prepare: (review: string) => void;
}

export function useCards(): Cards {
  const cache = useQueryClient();
  return {
    put: (row) => {
      const { queryKey } = hooks.queryOptions("get", PATH, initOf(row.id));
      cache.setQueryData<Wire<"ReviewCard">>(queryKey, (card) => card && { ...card, review: row });
    },
    settled: (review) => {
      const init = initOf(review);
      return cacheTags.invalidate(cache, cacheTags.stale("post", DECISION, init));
    },
    reread: (review) => void cacheTags.invalidate(cache, [`review:${review}`]),
    prepare: (review) => void cache.prefetchQuery(hooks.queryOptions("get", PATH, initOf(review))),
  };
}

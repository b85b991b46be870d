// Where one stands with the opened item: whether it can be decided, what is being written, what is on its way.
import type { Wire } from "@/ipc/api";
import { useLive } from "@/ipc/live";
import { useUnsent } from "@/shared/session/unsent";
import { useMay } from "@/shared/session/useMe";
import { foreignClaim, waits } from "./model";
import type { Check } from "./useCheck";
import type { Decision } from "./useDecide";

export interface Stand {
  readonly may: boolean;
  readonly offline: boolean;
  /** A decision would be taken now. */
  readonly can: boolean;
  /** It is text, so a person may put it in other words. */
  readonly canEdit: boolean;
  readonly editing: boolean;
  readonly canApproveEdit: boolean;
  readonly pending: Decision["kind"] | null;
  readonly claiming: boolean;
}

export interface StandInput {
  card: Wire<"ReviewCard"> | undefined;
  editing: boolean;
  check: Check;
  pending: Decision["kind"] | null;
  claiming: boolean;
}

export function useStand({ card, editing, check, pending, claiming }: StandInput): Stand {
  const may = useMay("review_decide");
  const offline = useLive((live) => live.connection.state === "offline");
  const unsent = useUnsent(({ items }) => card !== undefined && items.has(card.review.id));
  const can =
    may &&
    !offline &&
    card !== undefined &&
    waits(card.review) &&
    !unsent &&
    foreignClaim(card.review, Date.now()) === null;
  const canEdit = can && card.review.suggested_actions.includes("edit");
  const blocked = check.state === "judged" && check.check.blocked;
  const canApproveEdit =
    canEdit && check.state !== "unchanged" && check.state !== "tooLong" && !blocked;
  return { may, offline, can, canEdit, editing, canApproveEdit, pending, claiming };
}

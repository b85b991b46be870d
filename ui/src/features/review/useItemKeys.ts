// The keys of the room: moving through the queue, and deciding what is opened.
import { useRef } from "react";
import type { Wire } from "@/ipc/api";
import { useKey } from "@/shared/keys/useKey";
import { useMay } from "@/shared/session/useMe";
import type { Acts } from "./Actions";
import { moved } from "./model";
import type { Stand } from "./useStand";

export interface ItemKeys {
  rows: readonly Wire<"Review">[];
  review: Wire<"Review">;
  stand: Stand;
  acts: Acts;
  trace: () => void;
  focus: () => void;
  onGo: (review: string | null) => void;
}

export function useItemKeys(keys: ItemKeys): void {
  const { rows, review, stand, acts, trace, focus, onGo } = keys;
  // Where the item stood last: when it leaves the list, one goes on from there.
  const place = useRef(0);
  const index = rows.findIndex(({ id }) => id === review.id);
  if (index >= 0) place.current = index;
  const step = (by: 1 | -1) => {
    const to = moved(rows, review.id, place.current, by);
    if (to !== null && to !== review.id) onGo(to);
  };
  const { can, editing, pending } = stand;
  const free = can && !editing && pending === null;
  useKey("next", () => step(1));
  useKey("previous", () => step(-1));
  useKey("open", focus);
  useKey("approve", acts.approve, free);
  useKey("reject", acts.reject, free);
  useKey("escalate", acts.escalate, free && review.state !== "escalated");
  useKey("edit", acts.edit, free && stand.canEdit);
  useKey("skip", acts.skip, !editing);
  useKey("claim", acts.take, can);
  useKey("trace", trace, useMay("trace_read") && !editing);
  useKey("commit", acts.approveEdit, editing && can && pending === null);
  useKey("drop", acts.drop, editing);
}

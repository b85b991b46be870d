// The keys of the room: moving through the queue, and deciding what is opened.
import { useEffect, useRef } from "react";
import type { Wire } from "@/ipc/api";
import { useKey } from "@/shared/keys/useKey";
import { useMay } from "@/shared/session/useMe";
import type { Acts } from "./Actions";
import { moved } from "./model";
import type { Stand } from "./useStand";

export interface MoveKeys {
  rows: readonly Wire<"Review">[];
  review: string | null;
  onGo: (review: string | null) => void;
}

/** Up and down the queue, also while the item that one came to is still being read. */
export function useMoveKeys({ rows, review, onGo }: MoveKeys): void {
  // Where the item stood last: when it leaves the list, one goes on from there.
  const place = useRef(0);
  const index = rows.findIndex(({ id }) => id === review);
  if (index >= 0) place.current = index;
  // Where the last key led: the next one goes on from there before it is on the screen.
  const led = useRef(review);
  useEffect(() => {
    led.current = review;
  }, [review]);
  const step = (by: 1 | -1) => {
    const to = moved(rows, led.current, place.current, by);
    if (to === null || to === led.current) return;
    led.current = to;
    onGo(to);
  };
  useKey("next", () => step(1));
  useKey("previous", () => step(-1));
}

export interface ItemKeys {
  review: Wire<"Review">;
  stand: Stand;
  acts: Acts;
  trace: () => void;
  focus: () => void;
}

export function useItemKeys({ review, stand, acts, trace, focus }: ItemKeys): void {
  const { can, editing, pending } = stand;
  const free = can && !editing && pending === null;
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

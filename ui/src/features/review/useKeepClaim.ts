// Whoever writes an edit holds the item meanwhile: it is taken when the writing begins and kept while it goes on.
import { useEffect, useEffectEvent } from "react";
import type { Wire } from "@/ipc/api";
import { ownClaim } from "./model";
import type { Claiming } from "./useClaim";

/** Renewed this long before it ends, in milliseconds. */
const BEFORE_END_MS = 60_000;

export function useKeepClaim(review: Wire<"Review">, writing: boolean, claim: Claiming): void {
  const take = useEffectEvent(() => claim.take(review.id));
  const until = ownClaim(review, Date.now())?.until ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another item is taken anew
  useEffect(() => {
    if (!writing) return;
    const wait = until === null ? 0 : Date.parse(until) - Date.now() - BEFORE_END_MS;
    const timer = setTimeout(() => take(), Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [review.id, writing, until]);
}

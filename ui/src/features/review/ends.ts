// What becomes of a decision once its hold is over: heard once, wherever the one who decided is by then.
import { onFacts } from "@/ipc/live";

const ENDS = ["sent", "failed", "voided", "undone", "pending_reconciliation"] as const;
export type End = (typeof ENDS)[number];

/** Tells in which state the action ends, once. */
export function onEnd(effect: string, told: (end: End) => void): void {
  const deaf = onFacts((facts) => {
    for (const { fact } of facts) {
      if (fact.type !== "effect_changed" || fact.effect !== effect) continue;
      const end = ENDS.find((one) => one === fact.state);
      if (!end) continue;
      deaf();
      return told(end);
    }
  });
}

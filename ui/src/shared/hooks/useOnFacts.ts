// Does something a moment after facts of given types: for reads that no fact names as stale in the table of tags.
import { useEffect, useEffectEvent } from "react";
import { onFacts } from "@/ipc/live";

/** What is recorded beside a fact may be stored a moment later. */
const AFTER_MS = 300;

export function useOnFacts(types: ReadonlySet<string>, act: () => void): void {
  const latest = useEffectEvent(act);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const deaf = onFacts((facts) => {
      if (timer !== null || !facts.some(({ fact }) => types.has(fact.type))) return;
      timer = setTimeout(() => {
        timer = null;
        latest();
      }, AFTER_MS);
    });
    return () => {
      deaf();
      if (timer !== null) clearTimeout(timer);
    };
  }, [types]);
}

// Asks the judge about an edit once the writer pauses. The newest answer is the one that counts.
import { useEffect, useEffectEvent, useState } from "react";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";

/** A pause as long as this ends a thought. */
export const PAUSE_MS = 1_200;

export type Check =
  | { readonly state: "unchanged" }
  /** Longer than its network takes: nobody needs to judge that. */
  | { readonly state: "tooLong" }
  | { readonly state: "waiting" }
  | { readonly state: "judging" }
  | { readonly state: "judged"; readonly check: Wire<"EditCheck"> }
  | { readonly state: "failed"; readonly message: string };

export interface Draft {
  review: string;
  /** What it was. */
  before: string;
  text: string;
  /** Most characters that its network takes, where it goes to one. */
  max: number | null;
}

export function useCheck({ review, before, text, max }: Draft): [Check, () => void] {
  const { mutateAsync } = hooks.useMutation("post", "/api/v1/reviews/{review}/check-edit");
  const changed = text.trim() !== before.trim() && text.trim() !== "";
  const tooLong = max !== null && [...text.trim()].length > max;
  const [found, setFound] = useState<{ text: string; check: Check } | null>(null);
  const ask = useEffectEvent(async (asked: string) => {
    const keep = (check: Check) =>
      setFound((last) => (last === null || last.text === asked ? { text: asked, check } : last));
    setFound({ text: asked, check: { state: "judging" } });
    try {
      const check = await mutateAsync({ params: { path: { review } }, body: { text: asked } });
      keep({ state: "judged", check });
    } catch (thrown) {
      keep({ state: "failed", message: asApiError(thrown).message });
    }
  });
  const [again, setAgain] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is a reason to ask
  useEffect(() => {
    if (!changed || tooLong) return;
    const timer = setTimeout(() => void ask(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, changed, tooLong, again]);
  const askAgain = () => {
    setFound(null);
    setAgain((count) => count + 1);
  };
  if (!changed) return [{ state: "unchanged" }, askAgain];
  if (tooLong) return [{ state: "tooLong" }, askAgain];
  return [found?.text === text ? found.check : { state: "waiting" }, askAgain];
}

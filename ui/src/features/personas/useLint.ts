// Checks a SOUL.md while it is written. The newest answer is the one that counts; until it is there, the last one stands.
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";

/** Short enough to feel live, long enough not to ask at every key. */
export const PAUSE_MS = 300;

export interface Lint {
  readonly report: Wire<"LintReport"> | null;
  /** True while the report is about an earlier text. */
  readonly stale: boolean;
  readonly failed: string | null;
}

export function useLint(soul: string): Lint {
  const { mutateAsync } = hooks.useMutation("post", "/api/v1/personas/lint");
  const [found, setFound] = useState<{
    soul: string;
    report: Wire<"LintReport"> | null;
    failed: string | null;
  } | null>(null);
  const asked = useRef<string | null>(null);
  const ask = useEffectEvent(async (text: string) => {
    asked.current = text;
    const keep = (report: Wire<"LintReport"> | null, failed: string | null) => {
      if (asked.current === text) setFound({ soul: text, report, failed });
    };
    try {
      keep(await mutateAsync({ body: { soul: text } }), null);
    } catch (thrown) {
      keep(null, asApiError(thrown).message);
    }
  });
  useEffect(() => {
    const timer = setTimeout(() => void ask(soul), asked.current === null ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [soul]);
  return {
    report: found?.report ?? null,
    stale: found?.soul !== soul,
    failed: found?.failed ?? null,
  };
}

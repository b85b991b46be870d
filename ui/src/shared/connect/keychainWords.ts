// What is wrong with a keychain, in plain words with what to do; its own words are for who has to mend it.
import type { Wire } from "@/ipc/api";
import { ERRORS } from "@/ipc/generatedErrors";

export interface KeychainWords {
  plain: string;
  /** In the keychain's own words, where they say more. */
  own: string | null;
}

/** What is chosen, and not broken: there is nothing to add. */
const CHOSEN = "KEYCHAIN_SWITCHED_OFF";

export function keychainWords(problem: Wire<"Fault"> | null): KeychainWords {
  const known = problem ? ERRORS[problem.code] : undefined;
  if (!known) return { plain: problem?.message ?? "", own: null };
  return {
    plain: `${known.text} ${known.hint}`,
    own: problem?.code === CHOSEN ? null : (problem?.message ?? null),
  };
}

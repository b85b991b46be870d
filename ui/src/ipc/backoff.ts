// How long to wait before trying again (UI-25).

const FIRST_MS = 1_000;
export const LONGEST_MS = 30_000;

/** `attempt` counts from zero: 1 s, 2 s, 4 s … at most 30 s. */
export function backoffMs(attempt: number): number {
  return Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
}

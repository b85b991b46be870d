// What to do about a fault: what a step, an action, a run or an alert failed with. Its own words come with it.
import { type ErrorTable, spoken } from "./errors";

/** What to do, by code. */
export type FaultTable = Readonly<Record<string, string>>;

/**
 * What to do about `code`, where a table knows it and the words do not say it already. Some codes stand in the table of
 * errors, because an answer can carry them too.
 */
export function adviceOn(
  code: string,
  words: string,
  faults: FaultTable,
  errors: ErrorTable,
): string | null {
  const advice = faults[code] ?? errors[code]?.hint ?? null;
  return advice === null || words.includes(advice) ? null : spoken(advice);
}

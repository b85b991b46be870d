// What left hour by hour, and the security events since a moment: the two things that the return brief does not count.
// A list is read up to its first page; where that is full, counts say that there may be more.
import type { Wire } from "@/ipc/api";

/** Rows that are read of each list; the most that the API gives at once. */
export const ROWS_MAX = 200;

const at = (time: string) => Date.parse(time);

export interface Incidents {
  readonly value: number;
  readonly blocked: number;
  /** The page was full and its oldest row is still after the moment: there may be more. */
  readonly orMore: boolean;
}

export function incidentsSince(page: Wire<"Page_Incident">, since: number): Incidents {
  const found = page.items.filter(({ created_at }) => at(created_at) > since);
  return {
    value: found.length,
    blocked: found.filter(({ blocked }) => blocked).length,
    orMore: page.next !== null && found.length === page.items.length,
  };
}

const HOUR_MS = 3_600_000;
export const CHART_HOURS = 24;

export interface Hour {
  /** Start of the hour, milliseconds since the epoch. */
  readonly start: number;
  readonly byRule: number;
  readonly byPerson: number;
}

/** What left in each of the last 24 hours; the present hour is the last one. */
export function perHour(effects: readonly Wire<"Effect">[], now: number): readonly Hour[] {
  const first = Math.floor(now / HOUR_MS) - CHART_HOURS + 1;
  const hours = Array.from({ length: CHART_HOURS }, (_, index) => ({
    start: (first + index) * HOUR_MS,
    byRule: 0,
    byPerson: 0,
  }));
  for (const { state, receipt, approval } of effects) {
    if (state !== "sent" || !receipt) continue;
    const hour = hours[Math.floor(at(receipt.received_at) / HOUR_MS) - first];
    if (!hour) continue;
    if (approval.kind === "by_rule") hour.byRule += 1;
    else hour.byPerson += 1;
  }
  return hours;
}

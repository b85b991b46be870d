// What happened since somebody last looked, counted from the lists of the API. A list is read up to its first page;
// where that is full, counts say that there may be more.
import type { Wire } from "@/ipc/api";

/** Rows that are read of each list; the most that the API gives at once. */
export const ROWS_MAX = 200;

export interface Count {
  readonly value: number;
  /** The page was full and its oldest row is still after `since`: there may be more. */
  readonly orMore: boolean;
}

interface Rows<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

const at = (time: string | null | undefined) => (time ? Date.parse(time) : Number.NaN);

/**
 * Rows of which `when` lies after `since`. There may be more when the page was full and even its last row, by the
 * moment that orders the list, is after `since`.
 */
function after<T extends { created_at: string }>(
  rows: Rows<T> | undefined,
  since: number,
  when: (row: T) => string | null | undefined,
  order: (row: T) => string | null = (row) => row.created_at,
) {
  const items = rows?.items ?? [];
  const last = items.at(-1);
  return {
    found: items.filter((row) => at(when(row)) > since),
    orMore: Boolean(rows?.next) && last !== undefined && at(order(last)) > since,
  };
}

export interface Published {
  readonly count: Count;
  readonly byRule: number;
}

export function published(effects: Rows<Wire<"Effect">> | undefined, since: number): Published {
  const { found, orMore } = after(effects, since, (effect) => effect.receipt?.received_at);
  const sent = found.filter(({ state }) => state === "sent");
  const byRule = sent.filter(({ approval }) => approval.kind === "by_rule").length;
  return { count: { value: sent.length, orMore }, byRule };
}

export interface Failures {
  readonly failed: Count;
  /** Of these nobody knows whether they left. */
  readonly unclear: number;
  readonly undone: Count;
}

export function failures(effects: Rows<Wire<"Effect">> | undefined, since: number): Failures {
  const { found, orMore } = after(effects, since, (effect) => effect.updated_at);
  const of = (...states: readonly Wire<"EffectState">[]) =>
    found.filter(({ state }) => states.includes(state)).length;
  return {
    failed: { value: of("failed", "pending_reconciliation"), orMore },
    unclear: of("pending_reconciliation"),
    undone: { value: of("undone", "voided"), orMore },
  };
}

export interface Decided {
  readonly count: Count;
  readonly rejected: number;
  /** By person, most first. */
  readonly byWhom: readonly { name: string; count: number }[];
}

const decidedAt = (review: Wire<"Review">) => review.decided_at;

export function decided(
  lists: readonly (Rows<Wire<"Review">> | undefined)[],
  since: number,
): Decided {
  const parts = lists.map((list) => after(list, since, decidedAt, decidedAt));
  const found = parts.flatMap((part) => part.found);
  const people = new Map<string, number>();
  for (const { decided_by } of found) {
    if (decided_by) people.set(decided_by.name, (people.get(decided_by.name) ?? 0) + 1);
  }
  return {
    count: { value: found.length, orMore: parts.some(({ orMore }) => orMore) },
    rejected: found.filter(({ state }) => state === "rejected").length,
    byWhom: [...people].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
  };
}

export function expired(reviews: Rows<Wire<"Review">> | undefined, since: number): Count {
  // A review that expires is decided by nobody; it ended when its time was up.
  const end = (one: Wire<"Review">) => one.decided_at ?? one.expires_at;
  const { found, orMore } = after(reviews, since, end, end);
  return { value: found.length, orMore };
}

export function incidentsSince(incidents: Rows<Wire<"Incident">> | undefined, since: number) {
  const { found, orMore } = after(incidents, since, (incident) => incident.created_at);
  return {
    count: { value: found.length, orMore } as Count,
    blocked: found.filter(({ blocked }) => blocked).length,
  };
}

export function finished(campaigns: Rows<Wire<"Campaign">> | undefined, since: number): Count {
  const items = campaigns?.items ?? [];
  const value = items.filter(({ updated_at }) => at(updated_at) > since).length;
  return { value, orMore: Boolean(campaigns?.next) };
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
export function perHour(effects: Rows<Wire<"Effect">> | undefined, now: number): readonly Hour[] {
  const first = Math.floor(now / HOUR_MS) - CHART_HOURS + 1;
  const hours = Array.from({ length: CHART_HOURS }, (_, index) => ({
    start: (first + index) * HOUR_MS,
    byRule: 0,
    byPerson: 0,
  }));
  for (const { state, receipt, approval } of effects?.items ?? []) {
    if (state !== "sent" || !receipt) continue;
    const hour = hours[Math.floor(at(receipt.received_at) / HOUR_MS) - first];
    if (!hour) continue;
    if (approval.kind === "by_rule") hour.byRule += 1;
    else hour.byPerson += 1;
  }
  return hours;
}

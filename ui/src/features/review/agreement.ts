// How often somebody decides as the judge's score would have it. Pure; counts what is given and estimates nothing.
import type { Wire } from "@/ipc/api";

type Review = Pick<
  Wire<"Review">,
  "id" | "state" | "high_attention" | "decided_by" | "decided_at" | "created_at"
>;

/** Newest decisions of one kind, and whether older ones were left out. */
export interface Decisions {
  readonly items: readonly Review[];
  readonly next: string | null;
}

/** Drafts that the judge marked for attention, and the others: left as written, or changed or refused. */
export interface Agreement {
  readonly markedKept: number;
  readonly markedChanged: number;
  readonly plainKept: number;
  readonly plainChanged: number;
}

function decidedAt({ decided_at, created_at }: Review): number {
  return Date.parse(decided_at ?? created_at);
}

/** From when on every list is whole: before the oldest of a list that was cut, decisions of its kind are missing. */
function wholeSince(lists: readonly Decisions[]): number {
  const cut = lists.filter(({ next }) => next !== null);
  return Math.max(
    Number.NEGATIVE_INFINITY,
    ...cut.flatMap(({ items }) => items.slice(-1).map(decidedAt)),
  );
}

export function agreementOf(lists: readonly Decisions[], person: string): Agreement {
  const since = wholeSince(lists);
  const mine = lists
    .flatMap(({ items }) => items)
    .filter((row) => row.decided_by?.id === person && decidedAt(row) >= since);
  const count = (marked: boolean, kept: boolean) =>
    mine.filter((row) => row.high_attention === marked && (row.state === "approved") === kept)
      .length;
  return {
    markedKept: count(true, true),
    markedChanged: count(true, false),
    plainKept: count(false, true),
    plainChanged: count(false, false),
  };
}

export function decisionsIn(agreement: Agreement): number {
  const { markedKept, markedChanged, plainKept, plainChanged } = agreement;
  return markedKept + markedChanged + plainKept + plainChanged;
}

/** Marked and changed, or not marked and kept, as a share of all; null where there is nothing to count. */
export function agreedShare(agreement: Agreement): number | null {
  const all = decisionsIn(agreement);
  return all === 0 ? null : (agreement.markedChanged + agreement.plainKept) / all;
}

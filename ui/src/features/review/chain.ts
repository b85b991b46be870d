// A list of pages that follow one another by cursor. Each page is an answer of its own, so that a change rereads what
// is in sight and not all that was ever loaded. Pure.

export const PAGE_ROWS = 100;
/** Rows past the last one in sight that should be there already. */
const AHEAD_ROWS = 40;
/** 1,000 pages are 100,000 rows. */
const PAGES_MAX = 1_000;

export interface CursorPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** How many pages rows up to `last` need. */
export function pagesFor(last: number): number {
  return Math.min(PAGES_MAX, Math.floor((Math.max(0, last) + AHEAD_ROWS) / PAGE_ROWS) + 1);
}

/**
 * The cursors in order: through all pages that are here, and one further at a time up to the number needed. A page that
 * is not here ends the chain, for nobody knows what comes after it.
 */
export function chain<T>(
  pageAt: (cursor: string | null) => CursorPage<T> | undefined,
  needed: number,
): (string | null)[] {
  const cursors: (string | null)[] = [];
  let cursor: string | null = null;
  while (cursors.length < PAGES_MAX) {
    const page = pageAt(cursor);
    if (!page && cursors.length >= needed) break;
    cursors.push(cursor);
    if (!page || page.next === null) break;
    cursor = page.next;
  }
  return cursors;
}

/** All rows in order, each once: pages read at different moments may overlap. */
export function joined<T extends { id: string }>(pages: readonly CursorPage<T>[]): T[] {
  const seen = new Set<string>();
  const rows: T[] = [];
  for (const { items } of pages) {
    for (const row of items) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      rows.push(row);
    }
  }
  return rows;
}

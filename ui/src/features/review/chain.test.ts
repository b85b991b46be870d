import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CursorPage, chain, joined, PAGE_ROWS, pagesFor } from "./chain";

interface Row {
  readonly id: string;
}

/** A server's list: pages by cursor, the cursor being the number of the row before. */
function pagesOf(count: number): (cursor: string | null) => CursorPage<Row> {
  return (cursor) => {
    const from = cursor === null ? 0 : Number(cursor);
    const to = Math.min(count, from + PAGE_ROWS);
    const items = Array.from({ length: to - from }, (_, index) => ({ id: String(from + index) }));
    return { items, next: to < count ? String(to) : null };
  };
}

describe("the chain of pages", () => {
  it("asks for the first page when nothing is here", () => {
    expect(chain(() => undefined, 1)).toEqual([null]);
    expect(chain(() => undefined, 9)).toEqual([null]);
  });

  it("asks for one further page when rows near the end come into sight", () => {
    const all = pagesOf(1_000);
    const first = (cursor: string | null) => (cursor === null ? all(cursor) : undefined);
    expect(chain(first, pagesFor(10))).toEqual([null]);
    expect(chain(first, pagesFor(70))).toEqual([null, "100"]);
  });

  it("goes through everything that is here, and ends where the list ends", () => {
    expect(chain(pagesOf(250), 1)).toEqual([null, "100", "200"]);
  });

  it("holds 100,000 rows, each once and in order", () => {
    const all = pagesOf(100_000);
    const rows = joined(chain(all, pagesFor(99_999)).map(all));
    expect(rows).toHaveLength(100_000);
    expect([rows[0]?.id, rows.at(-1)?.id]).toEqual(["0", "99999"]);
  });

  it("shows a row once when pages that were read at different moments overlap", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(30), { maxLength: 20 }), { maxLength: 6 }), (lists) => {
        const pages = lists.map((ids) => ({
          items: ids.map((id) => ({ id: `${id}` })),
          next: null,
        }));
        const rows = joined(pages).map(({ id }) => id);
        expect(new Set(rows).size).toBe(rows.length);
        expect(new Set(rows)).toEqual(new Set(lists.flat().map(String)));
      }),
    );
  });
});

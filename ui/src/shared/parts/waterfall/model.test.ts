import { describe, expect, it } from "vitest";
import { drawnEnd, layOut, type Span } from "./model";

function span(id: string, parent: string | null, start: number): Span {
  return { id, parent, name: id, kind: "tool", start, end: start + 1 };
}

const rows = (spans: readonly Span[], ...folded: string[]) =>
  layOut(spans, new Set(folded)).map((row) => `${"·".repeat(row.depth)}${row.span.id}`);

describe("layOut", () => {
  const tree = [
    span("judge", "root", 5),
    span("root", null, 0),
    span("voice", "judge", 6),
    span("plan", "root", 1),
  ];

  it("puts children under their parent in order of time", () => {
    expect(rows(tree)).toEqual(["root", "·plan", "·judge", "··voice"]);
  });

  it("hides what is inside a folded span and counts it", () => {
    expect(rows(tree, "judge")).toEqual(["root", "·plan", "·judge"]);
    expect(layOut(tree, new Set(["judge"])).map((row) => row.children)).toEqual([2, 0, 1]);
  });

  it("shows a span whose parent has not arrived", () => {
    expect(rows([span("late", "unknown", 3)])).toEqual(["late"]);
  });

  it("draws open spans up to now and planned ones as a point", () => {
    const open = { ...span("open", null, 4), end: null };
    expect(drawnEnd(open, 9)).toBe(9);
    expect(drawnEnd(open, 2)).toBe(4);
    expect(drawnEnd({ ...open, planned: true }, 9)).toBe(4);
  });
});

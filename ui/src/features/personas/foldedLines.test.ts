import { describe, expect, it } from "vitest";
import { foldedLines } from "./foldedLines";

const line = (kind: "same" | "added" | "removed", text: string) => ({ kind, text });
const same = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => line("same", `${from + index}`));

describe("a folded comparison", () => {
  it("keeps three lines around a change and folds the rest", () => {
    const folded = foldedLines([...same(0, 10), line("added", "new"), ...same(11, 20)]);
    expect(folded.map((one) => (one.kind === "fold" ? `${one.count} folded` : one.text))).toEqual([
      "7 folded",
      "7",
      "8",
      "9",
      "new",
      "11",
      "12",
      "13",
      "6 folded",
    ]);
  });

  it("folds everything where nothing changed, and nothing where all did", () => {
    expect(foldedLines(same(0, 4))).toEqual([{ at: 0, kind: "fold", count: 4 }]);
    expect(foldedLines([line("removed", "a"), line("added", "b")])).toEqual([
      { at: 0, kind: "removed", text: "a" },
      { at: 1, kind: "added", text: "b" },
    ]);
    expect(foldedLines([])).toEqual([]);
  });
});

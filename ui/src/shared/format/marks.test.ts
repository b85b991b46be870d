import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MarkSpan, splitMarks } from "./marks";

const mark = (from: number, to: number, weight: MarkSpan["weight"] = "look"): MarkSpan => ({
  from,
  to,
  weight,
  why: "4.2",
});
const shown = (text: string, ...marks: MarkSpan[]) =>
  splitMarks(text, marks).map((piece) => [piece.text, piece.mark?.weight ?? null]);

describe("splitMarks", () => {
  it("cuts the text at the borders of the spans", () => {
    expect(shown("easier on your stomach", mark(0, 6))).toEqual([
      ["easier", "look"],
      [" on your stomach", null],
    ]);
  });

  it("shows the stricter of two that overlap", () => {
    expect(shown("abcdef", mark(0, 4), mark(2, 6, "stop"))).toEqual([
      ["ab", "look"],
      ["cd", "stop"],
      ["ef", "stop"],
    ]);
  });

  it("ignores spans that lie outside or are empty", () => {
    expect(shown("abc", mark(5, 9), mark(2, 1), mark(-4, 1))).toEqual([
      ["a", "look"],
      ["bc", null],
    ]);
  });

  it("never loses or doubles a letter", () => {
    const span = fc.tuple(fc.integer({ min: -5, max: 40 }), fc.integer({ min: -5, max: 40 }));
    fc.assert(
      fc.property(fc.string(), fc.array(span), (text, spans) => {
        const pieces = splitMarks(
          text,
          spans.map(([from, to]) => mark(from, to)),
        );
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      }),
    );
  });
});

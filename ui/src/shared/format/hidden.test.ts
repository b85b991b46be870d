import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasHidden, hiddenPattern, splitHidden } from "./hidden";

const kinds = (text: string) => splitHidden(text).map((piece) => piece.kind);

describe("hidden characters", () => {
  it("shows what splits a word, with its code point", () => {
    expect(splitHidden("Harrow & Finch\u200b or")).toEqual([
      { kind: "text", text: "Harrow & Finch" },
      { kind: "zeroWidth", code: "U+200B", count: 1 },
      { kind: "text", text: " or" },
    ]);
  });

  it("shows direction controls, the older and the newer ones", () => {
    expect(kinds("a\u202eb\u2066c\u2069\u200f")).toEqual([
      "text",
      "bidi",
      "text",
      "bidi",
      "text",
      "bidi",
      "bidi",
    ]);
  });

  it("shows a second text written in tag characters", () => {
    const smuggled = [..."pay"]
      .map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0)))
      .join("");
    expect(kinds(`hi${smuggled}`)).toEqual(["text", "tag", "tag", "tag"]);
  });

  it("counts a run of the same character instead of repeating it", () => {
    expect(splitHidden("\u200b".repeat(400))).toEqual([
      { kind: "zeroWidth", code: "U+200B ×400", count: 400 },
    ]);
  });

  it("leaves emoji whole: families, professions, skin tones, regional flags", () => {
    for (const emoji of ["👩‍🚀", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👍🏽", "❤️‍🔥"]) {
      expect(hasHidden(emoji), emoji).toBe(false);
    }
  });

  it("does not take tags for a flag when they run on after one", () => {
    expect(hasHidden("🏴\u{e0070}\u{e0061}\u{e0079}")).toBe(true);
    expect(hasHidden("x\u200d👩")).toBe(true);
  });

  it("has the same characters as a pattern, but for the joiner", () => {
    const found = (text: string) => text.match(hiddenPattern())?.length ?? 0;
    expect(found("a\u200b\u202e\u{e0041}\u0007\ufeff")).toBe(5);
    expect(found("👩‍🚀 line\n\ttab")).toBe(0);
  });

  it("keeps line breaks and tabs as text", () => {
    expect(splitHidden("a\n\tb")).toEqual([{ kind: "text", text: "a\n\tb" }]);
  });

  it("loses nothing visible and lets nothing hidden through as text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = splitHidden(text).flatMap((p) => (p.kind === "text" ? [p.text] : []));
        expect(/[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/.test(shown.join(""))).toBe(false);
        const visible = [...text].filter((sign) => /[\p{L}\p{N}]/u.test(sign));
        const kept = [...shown.join("")].filter((sign) => /[\p{L}\p{N}]/u.test(sign));
        expect(visible.length - kept.length).toBe(
          [...text].filter((s) => /[\u115f\u1160\u3164\uffa0]/.test(s)).length,
        );
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandOf, formatConfidence, needsAttention } from "./confidence";

describe("confidence", () => {
  it("draws the lines where C02 draws them", () => {
    expect([9001, 9000, 7000, 6999].map(bandOf)).toEqual(["high", "middle", "middle", "low"]);
    expect([8000, 7999].map(needsAttention)).toEqual([false, true]);
  });

  it("writes two digits, and more where they decide", () => {
    expect([7800, 10_000, 0, 9001, 7850, 50].map(formatConfidence)).toEqual([
      "0.78",
      "1.00",
      "0.00",
      "0.9001",
      "0.785",
      "0.005",
    ]);
  });

  it("never writes a number that lies in another band than its badge", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (bp) => {
        const shown = Math.round(Number(formatConfidence(bp)) * 10_000);
        expect(bandOf(shown)).toBe(bandOf(bp));
      }),
    );
  });
});

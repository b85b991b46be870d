import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bandOf,
  basisPoints,
  exactConfidence,
  formatConfidence,
  needsAttention,
} from "./confidence";

describe("confidence", () => {
  it("draws the lines where C02 draws them", () => {
    expect([9001, 9000, 7000, 6999].map(bandOf)).toEqual(["high", "middle", "middle", "low"]);
    expect([8000, 7999].map(needsAttention)).toEqual([false, true]);
  });

  it("writes two digits, and more where they decide", () => {
    expect([7800, 10_000, 0, 9001, 7849, 6_970, 7_999, 50].map(formatConfidence)).toEqual([
      "0.78",
      "1.00",
      "0.00",
      "0.9001",
      "0.78",
      "0.697",
      "0.7999",
      "0.01",
    ]);
    expect([7849, 7850, 7800].map(exactConfidence)).toEqual(["0.7849", "0.785", "0.78"]);
  });

  it("takes a score from the wire without losing its last digit", () => {
    expect([0.78, 0.7001, 0.29, 0.57, 1].map(basisPoints)).toEqual([
      7_800, 7_001, 2_900, 5_700, 10_000,
    ]);
  });

  it("never writes a number that lies in another band than its badge", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (bp) => {
        const shown = Math.round(Number(formatConfidence(bp)) * 10_000);
        expect([bandOf(shown), needsAttention(shown)]).toEqual([bandOf(bp), needsAttention(bp)]);
      }),
    );
  });
});

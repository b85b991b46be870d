import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { niceMax } from "./scale";

describe("chart scale", () => {
  it("ends at a round number that holds every value", () => {
    expect([0, 0.07, 1, 9, 22, 23, 412, 1_204].map(niceMax)).toEqual([
      1, 0.08, 1, 10, 24, 24, 500, 1_500,
    ]);
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const max = niceMax(value);
        expect(max).toBeGreaterThanOrEqual(value * (1 - 1e-6));
        expect(max).toBeLessThanOrEqual(value * 1.6);
      }),
    );
  });
});

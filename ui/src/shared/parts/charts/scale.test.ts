import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linePath, niceMax, scale } from "./scale";

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

  it("draws upwards from the lower left", () => {
    const axis = scale(0, 10);
    expect(
      linePath(
        [
          { x: 0, y: 0 },
          { x: 10, y: 10 },
        ],
        axis,
        axis,
        100,
        50,
      ),
    ).toBe("M0.0 50.0L100.0 0.0");
  });

  it("puts a single value in the middle instead of nowhere", () => {
    expect(scale(5, 5).place(5)).toBe(0.5);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDecimals, BadDecimal, compareDecimals, drawnShare, parseDecimal } from "./decimal";

describe("decimal", () => {
  it("adds without losing a digit", () => {
    expect(addDecimals("0.1", "0.2")).toBe("0.3");
    expect(addDecimals("9007199254740993", "0.000000000000000001")).toBe(
      "9007199254740993.000000000000000001",
    );
    expect(addDecimals("-1.05", "1")).toBe("-0.05");
  });

  it("refuses what is no decimal", () => {
    for (const text of ["", "1e3", ".5", "1.", "NaN", "1,000", " 1"]) {
      expect(() => parseDecimal(text), text).toThrow(BadDecimal);
    }
  });

  it("orders by value, whatever the scale", () => {
    expect(compareDecimals("1.50", "1.5")).toBe(0);
    expect(compareDecimals("-2", "1")).toBe(-1);
    expect(compareDecimals("0.0000001", "0")).toBe(1);
  });

  it("agrees with whole-number arithmetic", () => {
    const cents = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
    const asText = (n: bigint) => {
      const digits = (n < 0n ? -n : n).toString().padStart(3, "0");
      return `${n < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
    };
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(addDecimals(asText(a), asText(b))).toBe(asText(a + b));
        expect(Math.sign(compareDecimals(asText(a), asText(b)))).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
    );
  });

  it("draws a share inside its bar", () => {
    expect(drawnShare("412.80", "900")).toBe(0.4586);
    expect(drawnShare("1000", "900")).toBe(1);
    expect(drawnShare("-5", "900")).toBe(0);
    expect(drawnShare("5", "0")).toBe(0);
  });
});

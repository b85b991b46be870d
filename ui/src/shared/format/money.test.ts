import { describe, expect, it } from "vitest";
import { BadDecimal } from "./decimal";
import { formatMoney, formatUsd } from "./money";

describe("money", () => {
  it("writes dollars with cents, and more only where they carry something", () => {
    expect(formatUsd("412.8", "en-US")).toBe("$412.80");
    expect(formatUsd("0.031", "en-US")).toBe("$0.031");
    expect(formatUsd("0.014200000", "en-US")).toBe("$0.0142");
    expect(formatUsd("-3", "en-US")).toBe("-$3.00");
    expect(formatUsd("1234567", "en-US")).toBe("$1,234,567.00");
  });

  it("rounds only where asked", () => {
    expect(formatUsd("0.0349", "en-US", 2)).toBe("$0.03");
    expect(formatUsd("900.00", "en-US", 0)).toBe("$900");
  });

  it("keeps every digit of a token amount that a float would lose", () => {
    expect(formatMoney("9007199254740993.000000000000000001", "ETH", "en-US")).toBe(
      "9,007,199,254,740,993.000000000000000001 ETH",
    );
    expect(formatMoney("0.000041", "ETH", "en-US")).toBe("0.000041 ETH");
    expect(formatMoney("1850", "USDC", "en-US")).toBe("1,850.00 USDC");
  });

  it("refuses an amount that is no decimal, instead of showing NaN", () => {
    expect(() => formatUsd("12,5", "en-US")).toThrow(BadDecimal);
  });
});

import { describe, expect, it } from "vitest";
import { formatLocale } from "./locale";

describe("formatLocale", () => {
  it("keeps the reader's region where the catalogue speaks the language", () => {
    expect(formatLocale(["de-DE", "en-GB", "en-US"])).toBe("en-GB");
  });

  it("falls back to the catalogue's own language", () => {
    expect(formatLocale(["de-DE", "fr"])).toBe("en");
    expect(formatLocale(["C"])).toBe("en");
  });
});

import { expect, it } from "vitest";
import type { ErrorTable } from "./errors";
import { adviceOn } from "./faults";
import { ERRORS } from "./generatedErrors";
import { FAULTS } from "./generatedFaults";

const faults = { FEED_MALFORMED: "Correct the address." };
const errors: ErrorTable = {
  STORE_FAILED: {
    status: 500,
    retryable: true,
    effect: "unknown",
    text: "The database could not be written.",
    hint: "Free the disk.",
  },
};
const advice = (code: string, words: string) => adviceOn(code, words, faults, errors);

it("says what to do about a code of either table, and nothing about one that it does not know", () => {
  expect(advice("FEED_MALFORMED", "This is a web page.")).toBe("Correct the address.");
  expect(advice("STORE_FAILED", "No room.")).toBe("Free the disk.");
  expect(advice("OF_A_NEWER_BACKEND", "Who knows.")).toBeNull();
});

it("does not repeat what the words say already", () => {
  expect(advice("FEED_MALFORMED", "This is a web page. Correct the address.")).toBeNull();
});

it("has every code in one table only, and advice on each", () => {
  expect(Object.keys(FAULTS).filter((code) => code in ERRORS)).toEqual([]);
  expect(Object.values(FAULTS).filter((one) => !one.endsWith("."))).toEqual([]);
  expect(FAULTS).toHaveProperty("TOOL_COOLDOWN");
  expect(ERRORS).toHaveProperty("NOT_FOUND");
});

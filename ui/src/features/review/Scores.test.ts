import { expect, it } from "vitest";
import { countsBy } from "./Scores";

it("says whose score decided the route", () => {
  expect(countsBy(7_800, 8_600, 7_800)).toBe("judge");
  expect(countsBy(9_000, 8_600, 8_600)).toBe("writer");
  expect(countsBy(8_600, 8_600, 8_600)).toBe("both");
  expect(countsBy(8_600, null, 8_600)).toBe("judge");
  expect(countsBy(8_600, 9_000, 7_000)).toBe("inputs");
  expect(countsBy(8_600, null, 7_000)).toBe("inputs");
});

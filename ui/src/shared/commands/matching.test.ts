// Proves that the palette finds what was meant, and not what only holds the letters somewhere.
import { expect, it } from "vitest";
import { matching } from "./matching";

it("wants every word, and likes beginnings better than middles", () => {
  expect(matching(["Look: High contrast"], "trains")).toBe(0);
  expect(matching(["Night trains", "for commuters"], "trains comm")).toBeGreaterThan(0);
  expect(matching(["Night trains"], "trains roast")).toBe(0);
  const [name, word, middle] = ["night", "trains", "rain"].map((query) =>
    matching(["Night trains"], query),
  );
  expect(name).toBeGreaterThan(word ?? 0);
  expect(word).toBeGreaterThan(middle ?? 0);
  expect(middle).toBeGreaterThan(0);
});

// Proves what a new campaign must have before it can be stored.
import { describe, expect, it } from "vitest";
import { bodyOf, FIRST, flawsOf } from "./newDraft";

const WHOLE = { ...FIRST, agent: "a", goal: "  Ten signs or more  ", feeds: ["https://f.example"] };

describe("a new campaign", () => {
  it("says what is missing, one thing a field", () => {
    expect(flawsOf(FIRST)).toEqual(["agent", "goal", "feeds"]);
    expect(flawsOf(WHOLE)).toEqual([]);
    expect(flawsOf({ ...WHOLE, posts: "0", budget: "0.00", platforms: [] })).toEqual([
      "platforms",
      "posts",
      "budget",
    ]);
    expect(flawsOf({ ...WHOLE, posts: "101", budget: "2,50" })).toEqual(["posts", "budget"]);
  });

  it("goes out trimmed, with money as it was typed", () => {
    expect(bodyOf(WHOLE)).toEqual({
      agent: "a",
      goal: "Ten signs or more",
      feeds: ["https://f.example"],
      platforms: ["sandbox"],
      max_posts_per_day: 3,
      daily_budget: "2.00",
    });
  });
});

import { describe, expect, it } from "vitest";
import { type Base, type Draft, followed, inConflict, rebased, written } from "./draft";

const one: Base = { source: "one", number: 1, version: "a" };
const two: Base = { source: "two", number: 2, version: "b" };
const clean: Draft = { base: one, text: null };
const mine: Draft = { base: one, text: "mine" };

describe("a draft", () => {
  it("is none as long as it says what is stored", () => {
    expect(written(clean, "mine")).toEqual(mine);
    expect(written(mine, "one")).toEqual(clean);
  });

  it("follows what is stored while nothing is written", () => {
    expect(followed(clean, two)).toEqual({ base: two, text: null });
  });

  it("follows a new row of the same file, which is no conflict", () => {
    const moved = { ...one, version: "c" };
    expect(followed(mine, moved)).toEqual({ base: moved, text: "mine" });
    expect(inConflict(followed(mine, moved), moved)).toBe(false);
  });

  it("stays where it is when somebody saved another file, until it is put on top of it", () => {
    expect(followed(mine, two)).toEqual(mine);
    expect(inConflict(mine, two)).toBe(true);
    expect(rebased(mine, two)).toEqual({ base: two, text: "mine" });
    expect(inConflict(rebased(mine, two), two)).toBe(false);
  });

  it("is none any more when the other one saved the same words", () => {
    expect(followed({ base: one, text: "two" }, two)).toEqual({ base: two, text: null });
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hold, takeBack, takeBackNewest } from "./toasts";

let undone: string[];

function holding(name: string, ms: number): string {
  return hold({
    title: name,
    undoLabel: "Undo",
    until: Date.now() + ms,
    undo: () => undone.push(name),
  });
}

beforeEach(() => {
  undone = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

describe("held actions", () => {
  it("takes the newest back first, then the one before", () => {
    holding("first", 8_000);
    holding("second", 8_000);
    expect([takeBackNewest(), takeBackNewest(), takeBackNewest()]).toEqual([true, true, false]);
    expect(undone).toEqual(["second", "first"]);
  });

  it("takes nothing back once the time has passed", () => {
    const id = holding("late", 5_000);
    vi.advanceTimersByTime(5_000);
    expect(takeBack(id)).toBe(false);
    expect(takeBackNewest()).toBe(false);
    expect(undone).toEqual([]);
  });

  it("takes one back only once", () => {
    const id = holding("once", 5_000);
    expect([takeBack(id), takeBack(id)]).toEqual([true, false]);
    expect(undone).toEqual(["once"]);
  });

  it("lets an older one run out while a newer is still held", () => {
    holding("short", 1_000);
    holding("long", 9_000);
    vi.advanceTimersByTime(1_000);
    takeBackNewest();
    expect(takeBackNewest()).toBe(false);
    expect(undone).toEqual(["long"]);
  });
});

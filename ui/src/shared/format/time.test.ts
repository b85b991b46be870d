import { describe, expect, it } from "vitest";
import {
  absoluteTime,
  clock,
  DAY_MS,
  duration,
  HOUR_MS,
  MINUTE_MS,
  relativeTime,
  wholeDuration,
} from "./time";

const now = new Date("2026-05-21T12:32:00Z");
const ago = (ms: number) => relativeTime(new Date(now.getTime() - ms), now, "en-GB");

describe("time", () => {
  it("counts near moments and dates far ones", () => {
    expect(ago(0)).toBe("now");
    expect(ago(38 * MINUTE_MS)).toBe("38 min ago");
    expect(ago(-2 * HOUR_MS)).toBe("in 2 hr");
    expect(ago(DAY_MS)).toBe("yesterday");
    expect(ago(9 * DAY_MS)).toBe("12 May 2026");
  });

  it("does not round a moment up into the next unit", () => {
    expect(ago(59 * MINUTE_MS + 59_000)).toBe("59 min ago");
  });

  it("writes the same moment in any zone", () => {
    expect(absoluteTime(now, "en-GB", "UTC")).toBe("21 May 2026, 12:32:00");
    expect(absoluteTime(now, "en-GB", "Europe/Berlin")).toBe("21 May 2026, 14:32:00");
  });

  it("counts down in clock form and stops at zero", () => {
    expect([252_000, 3_840_000, 0, -5_000].map(clock)).toEqual(["4:12", "1:04:00", "0:00", "0:00"]);
  });

  it("writes spans as long as they need", () => {
    expect([85, 400, 11_200, 261_000].map((ms) => duration(ms, "en-US"))).toEqual([
      "85 ms",
      "0.4 s",
      "11 s",
      "4:21",
    ]);
  });

  it("writes what somebody set in the unit in which it was likely meant", () => {
    const set = [8_000, 300_000, 86_400_000, 90_000, 5_400_000, 0];
    expect(set.map((ms) => wholeDuration(ms, "en-US"))).toEqual([
      "8 s",
      "5 min",
      "24 h",
      "90 s",
      "90 min",
      "0 s",
    ]);
  });
});

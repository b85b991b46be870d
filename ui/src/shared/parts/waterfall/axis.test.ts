import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildAxis } from "./axis";
import type { Span } from "./model";

function span(id: string, kind: Span["kind"], start: number, end: number | null): Span {
  return { id, parent: null, name: id, kind, start, end };
}

const waiting = [
  span("all", "workflow", 0, null),
  span("write", "model", 0, 10_000),
  span("wait", "approval", 10_000, null),
];

describe("axis", () => {
  it("is even while everything works", () => {
    const axis = buildAxis(
      [span("a", "tool", 0, 4_000), span("b", "model", 4_000, 12_000)],
      0,
      "en",
    );
    expect([0, 3_000, 6_000, 12_000].map(axis.place)).toEqual([0, 0.25, 0.5, 1]);
    expect(axis.breaks).toEqual([]);
    expect(axis.ticks.map((tick) => tick.label)).toEqual([
      "0 s",
      "2 s",
      "4 s",
      "6 s",
      "8 s",
      "10 s",
      "12 s",
    ]);
  });

  it("shortens a long wait for a person and says where", () => {
    const axis = buildAxis(waiting, 261_000, "en");
    expect(axis.place(10_000)).toBeCloseTo(0.84);
    expect(axis.place(261_000)).toBe(1);
    expect(axis.breaks).toHaveLength(1);
    expect(axis.breaks[0]?.label).toBe("4:11");
    expect(axis.ticks.at(-1)).toEqual({ at: 1, label: "4:21" });
  });

  it("writes as many digits as tell neighbours apart, in a short run that began late", () => {
    const axis = buildAxis([span("a", "tool", 2_250, 2_420), span("w", "tool", 0, 5)], 0, "en");
    const labels = axis.ticks.map((tick) => tick.label);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it("writes a tenth and a half of one in milliseconds, not twice as the same tenth", () => {
    const axis = buildAxis([span("a", "tool", 0, 290)], 0, "en");
    const labels = axis.ticks.map((tick) => tick.label);
    expect(labels.slice(0, 4)).toEqual(["0 ms", "50 ms", "100 ms", "150 ms"]);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it("keeps a short wait as it is", () => {
    expect(buildAxis(waiting, 11_000, "en").breaks).toEqual([]);
  });

  it("shows one instant, and nothing at all, without dividing by zero", () => {
    for (const spans of [[], [span("a", "tool", 0, 0)]]) {
      const axis = buildAxis(spans, 0, "en");
      expect([axis.place(0), axis.place(1)].every(Number.isFinite)).toBe(true);
    }
  });

  it("never runs backwards and never leaves the page", () => {
    const times = fc.array(fc.tuple(fc.nat(600_000), fc.nat(60_000)), { maxLength: 12 });
    fc.assert(
      fc.property(times, fc.nat(900_000), (pairs, now) => {
        const spans = pairs.map(([start, length], i) =>
          span(`${i}`, "tool", start, start + length),
        );
        const axis = buildAxis([...spans, span("w", "approval", 0, null)], now, "en");
        const places = Array.from({ length: 40 }, (_, i) => axis.place((axis.end * i) / 39));
        expect(places.every((at, i) => at >= (places[i - 1] ?? 0) - 1e-9 && at <= 1 + 1e-9)).toBe(
          true,
        );
      }),
    );
  });
});

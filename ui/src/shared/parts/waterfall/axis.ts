// A time axis that shortens long waits, so that ten seconds of work stay readable beside four minutes of waiting for a
// person. Pure.
import { clock, duration, MINUTE_MS, SECOND_MS } from "@/shared/format/time";
import { drawnEnd, isHolder, type Span } from "./model";

/** A wait longer than this share of the whole is shortened. */
const LONG_WAIT_SHARE = 0.25;
/** And to this share of the axis. */
const SHORTENED_TO = 0.16;
const SHORTENED_MAX = 3;
const TICKS_WANTED = 6;
/** Later on the axis, a label would run into the one at its end. */
const LAST_BEFORE_END = 0.86;
const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000,
] as const;

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly shortened: boolean;
  /** Where it begins and how long it is on the axis, as shares of 1. */
  readonly at: number;
  readonly length: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Axis {
  readonly end: number;
  /** Place of a moment on the axis, from 0 to 1. */
  readonly place: (ms: number) => number;
  readonly ticks: readonly Tick[];
  /** The shortened waits. */
  readonly breaks: readonly Break[];
}

export interface Break {
  /** Its middle on the axis. */
  readonly at: number;
  /** How long it was. */
  readonly label: string;
}

/** Times at which something other than waiting goes on, merged. */
function busy(spans: readonly Span[], now: number): [number, number][] {
  const working = spans
    .filter((span) => !isHolder(span.kind) && span.kind !== "approval" && !span.planned)
    .map((span): [number, number] => [span.start, drawnEnd(span, now)])
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of working) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function longWaits(spans: readonly Span[], end: number, now: number): [number, number][] {
  const waits: [number, number][] = [];
  let free = 0;
  for (const [from, to] of busy(spans, now)) {
    if (from > free) waits.push([free, from]);
    free = Math.max(free, to);
  }
  if (end > free && free > 0) waits.push([free, end]);
  return waits
    .filter(([from, to]) => to - from > end * LONG_WAIT_SHARE)
    .sort((a, b) => b[1] - b[0] - (a[1] - a[0]))
    .slice(0, SHORTENED_MAX)
    .sort((a, b) => a[0] - b[0]);
}

function segmentsOf(waits: readonly [number, number][], end: number): Segment[] {
  const waited = waits.reduce((sum, [from, to]) => sum + to - from, 0);
  const worked = Math.max(1, end - waited);
  const room = 1 - waits.length * SHORTENED_TO;
  const segments: Segment[] = [];
  let time = 0;
  let at = 0;
  const add = (to: number, shortened: boolean) => {
    if (to <= time) return;
    const length = shortened ? SHORTENED_TO : (room * (to - time)) / worked;
    segments.push({ from: time, to, shortened, at, length });
    time = to;
    at += length;
  };
  for (const [from, to] of waits) {
    add(from, false);
    add(to, true);
  }
  add(end, false);
  return segments;
}

function ticksOf(segments: readonly Segment[], end: number, locale: string): Tick[] {
  const worked = segments.filter((segment) => !segment.shortened);
  const shown = worked.reduce((sum, { from, to }) => sum + to - from, 0);
  const step = STEPS_MS.find((ms) => shown / ms <= TICKS_WANTED) ?? 86_400_000;
  // As many digits as the step has: neighbours never read alike.
  const digits = Math.max(0, Math.ceil(-Math.log10(step / SECOND_MS)));
  const seconds = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const whole = new Intl.NumberFormat(locale);
  const write = (ms: number) => {
    if (digits > 0) {
      return ms < SECOND_MS ? `${whole.format(ms)} ms` : `${seconds.format(ms / SECOND_MS)} s`;
    }
    return ms >= MINUTE_MS ? clock(ms) : duration(ms, locale);
  };
  const ticks: Tick[] = [];
  for (const segment of worked) {
    const first = Math.ceil(segment.from / step) * step;
    for (let ms = first; ms < segment.to; ms += step) {
      const at = segment.at + (segment.length * (ms - segment.from)) / (segment.to - segment.from);
      if (at < LAST_BEFORE_END)
        ticks.push({ at, label: ms === 0 ? `0 ${step < 1_000 ? "ms" : "s"}` : write(ms) });
    }
  }
  return [...ticks, { at: 1, label: write(end) }];
}

export function buildAxis(spans: readonly Span[], now: number, locale: string): Axis {
  const end = Math.max(1, ...spans.map((span) => drawnEnd(span, now)));
  const segments = segmentsOf(longWaits(spans, end, now), end);
  const place = (ms: number) => {
    const segment = segments.find(({ to }) => ms <= to);
    if (!segment) return 1;
    const share = (ms - segment.from) / (segment.to - segment.from);
    return Math.max(0, segment.at + segment.length * share);
  };
  return {
    end,
    place,
    ticks: ticksOf(segments, end, locale),
    breaks: segments
      .filter(({ shortened }) => shortened)
      .map(({ from, to, at, length }) => ({
        at: at + length / 2,
        label: duration(to - from, locale),
      })),
  };
}

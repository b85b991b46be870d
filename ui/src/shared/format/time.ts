// How moments and durations are written. Pure: the present comes in as an argument.

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Past this many days a date says more than a count. */
const RELATIVE_DAYS_MAX = 7;

const STEPS: readonly [number, Intl.RelativeTimeFormatUnit][] = [
  [MINUTE_MS, "second"],
  [HOUR_MS, "minute"],
  [DAY_MS, "hour"],
  [RELATIVE_DAYS_MAX * DAY_MS, "day"],
];
const UNIT_MS = { second: SECOND_MS, minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;

/** "38 min. ago", "in 2 hr.", and the date once it is more than a week away. */
export function relativeTime(at: Date, now: Date, locale: string): string {
  const delta = at.getTime() - now.getTime();
  const far = Math.abs(delta);
  const step = STEPS.find(([limit]) => far < limit);
  if (!step)
    return at.toLocaleDateString(locale, { day: "numeric", month: "short", year: "numeric" });
  const unit = step[1] as keyof typeof UNIT_MS;
  const count = Math.trunc(delta / UNIT_MS[unit]);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  return format.format(count, unit);
}

/** "21 May 2026, 14:32:07", in the given zone or in the reader's own. */
export function absoluteTime(at: Date, locale: string, timeZone?: string): string {
  return at.toLocaleString(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    ...(timeZone ? { timeZone } : {}),
  });
}

/** "21 May 2026" of a day written as 2026-05-21, wherever the reader is. */
export function formatDay(day: string, locale: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  return at.toLocaleDateString(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}

/** Clock form for countdowns and elapsed time: "4:12", "1:04:00". Negative time is written as zero. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / SECOND_MS));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  if (hours === 0) return `${minutes}:${seconds}`;
  return `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}

/** Length of a span: "85 ms", "0.4 s", "11 s", "4:21". */
export function duration(ms: number, locale: string): string {
  const write = (value: number, unit: string) =>
    `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)} ${unit}`;
  if (ms < 100) return write(Math.round(ms), "ms");
  if (ms < 10 * SECOND_MS) return write(ms / SECOND_MS, "s");
  if (ms < MINUTE_MS) return write(Math.floor(ms / SECOND_MS), "s");
  return clock(ms);
}

const WHOLE = [
  [HOUR_MS, "h"],
  [MINUTE_MS, "min"],
] as const;

/** A length that somebody set: "8 s", "5 min", "24 h", in the largest unit that holds it whole. */
export function wholeDuration(ms: number, locale: string): string {
  const [size, unit] =
    WHOLE.find(([size]) => ms >= size && ms % size === 0) ?? ([SECOND_MS, "s"] as const);
  return `${new Intl.NumberFormat(locale).format(ms / size)} ${unit}`;
}

// A stretch of time in its two largest units: "18h 40m", "3d 2h".
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/shared/format/time";

const UNITS = [
  [DAY_MS, "day"],
  [HOUR_MS, "hour"],
  [MINUTE_MS, "minute"],
] as const;

export function awaySpan(ms: number, locale: string): string {
  const first = UNITS.findIndex(([size]) => ms >= size);
  const from = first < 0 ? UNITS.length - 1 : first;
  let left = Math.max(0, ms);
  const parts: string[] = [];
  for (const [size, unit] of UNITS.slice(from, from + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count === 0 && parts.length > 0) continue;
    const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" });
    parts.push(format.format(count));
  }
  return parts.join(" ");
}

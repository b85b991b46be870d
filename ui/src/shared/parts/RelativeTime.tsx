// A moment, near ones counted and far ones dated; the exact moment on hover, in local time and in UTC.
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import {
  absoluteTime,
  clock,
  HOUR_MS,
  MINUTE_MS,
  relativeTime,
  SECOND_MS,
} from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";

function useAbsolute(at: Date): string {
  const { t } = useTranslation();
  const locale = formatLocale();
  return [
    t("parts.time.local", { time: absoluteTime(at, locale) }),
    t("parts.time.utc", { time: absoluteTime(at, locale, "UTC") }),
  ].join("\n");
}

/** `at` as it crosses the wire: RFC 3339. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const moment = new Date(at);
  const age = Math.abs(Date.now() - moment.getTime());
  // The tick may be older than the moment: what has just happened must not lie in the future.
  const now = useNow(age < HOUR_MS ? SECOND_MS * 10 : MINUTE_MS);
  const title = useAbsolute(moment);
  return (
    <time dateTime={at} title={title} className={clsx("whitespace-nowrap", className)}>
      {relativeTime(moment, new Date(Math.max(now, Date.now())), formatLocale())}
    </time>
  );
}

/** Clock form, running down to `until`; turns yellow and red as time runs out. */
export function Countdown({
  until,
  warnMs = 5 * MINUTE_MS,
  badMs = 3 * MINUTE_MS,
}: CountdownProps) {
  const { t } = useTranslation();
  const now = useNow(SECOND_MS);
  const end = new Date(until);
  const left = end.getTime() - now;
  const time = clock(left);
  return (
    <time
      dateTime={until}
      title={useAbsolute(end)}
      className={clsx(
        "num flex-none",
        left <= badMs ? "text-bad" : left <= warnMs ? "text-warn" : "text-fg-muted",
      )}
    >
      <span aria-hidden>{time}</span>
      <span className="sr-only">{t("parts.time.left", { time })}</span>
    </time>
  );
}

export interface CountdownProps {
  until: string;
  warnMs?: number;
  badMs?: number;
}

// The present moment, local and in UTC, for the top bar of rooms where times matter.
import { Globe } from "lucide-react";
import { useTranslation } from "react-i18next";
import { MINUTE_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Icon } from "./Icon";

export function LocalTime() {
  const { t } = useTranslation();
  // Ticks within the minute, so that the shown minute is never a whole one behind.
  const now = new Date(useNow(MINUTE_MS / 6));
  const locale = formatLocale();
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const day = { weekday: "short", day: "numeric", month: "short" } as const;
  return (
    <span className="flex items-center gap-1.5 tnum">
      <Icon of={Globe} size="sm" />
      {t("parts.time.here", {
        local: t("parts.time.local", { time: now.toLocaleString(locale, { ...day, ...time }) }),
        utc: t("parts.time.utc", {
          time: now.toLocaleTimeString(locale, { ...time, timeZone: "UTC" }),
        }),
      })}
    </span>
  );
}

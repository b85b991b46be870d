// Who looks, how long they were away, how much waits, and the button that says that all was seen.
import { CheckCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { HOUR_MS, MINUTE_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/parts/Button";
import { useMe } from "@/shared/session/useMe";
import { awaySpan } from "./span";
import type { Since } from "./useSince";

function partOfDay(now: number): "morning" | "afternoon" | "evening" | "night" {
  const hour = new Date(now).getHours();
  if (hour < 5) return "night";
  if (hour < 12) return "morning";
  return hour < 18 ? "afternoon" : "evening";
}

const roundTo = (value: number, step: number) => Math.round(value / step) * step;

export function Greeting({ since, waits }: { since: Since; waits: number | null }) {
  const { t } = useTranslation();
  const now = useNow(MINUTE_MS);
  const { user, may } = useMe();
  // Who only looks sees what waits, and is not told that it waits for them.
  const mine = may.includes("review_decide") || may.includes("alert_write");
  const [given = user.name] = user.name.trim().split(/\s+/);
  // Whole minutes: the clock here and the one that kept the moment are not the same.
  const away = since.since === null ? 0 : roundTo(now - since.since, MINUTE_MS);
  // Less than an hour is no being away.
  const span = !since.first && away >= HOUR_MS ? awaySpan(away, formatLocale()) : null;
  return (
    <header className="flex items-center gap-3">
      <div className="min-w-0">
        <h2 className="clip font-semibold text-18 text-fg-strong leading-6">
          {t(`home.${partOfDay(now)}`, { name: given })}
        </h2>
        <p className="text-fg-muted">
          {[
            span && t("home.away", { span }),
            since.first && t("home.firstTime"),
            waits !== null &&
              (waits === 0
                ? t("home.nothingWaits")
                : t(mine ? "home.waits" : "home.othersWait", { count: waits })),
          ]
            .filter(Boolean)
            .join(" ")}
        </p>
      </div>
      <Button
        className="ml-auto"
        icon={CheckCheck}
        busy={since.busy}
        disabled={since.since === null}
        onClick={since.seenAll}
      >
        {t("home.seenAll")}
      </Button>
    </header>
  );
}

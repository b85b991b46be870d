// What left in each of the last 24 hours, by itself and after a person.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { MINUTE_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Card, CardBody } from "@/shared/parts/Card";
import { BarChart, BarLegend, type BarSeries } from "@/shared/parts/charts/BarChart";
import { CHART_HOURS, perHour, ROWS_MAX } from "./away";

export function PublishedChart({ effects }: { effects: Wire<"Page_Effect"> }) {
  const { t } = useTranslation();
  const now = useNow(MINUTE_MS);
  const hours = perHour(effects.items, now);
  // A day without a post is told beside; an empty chart would only repeat it.
  if (hours.every(({ byRule, byPerson }) => byRule + byPerson === 0)) return null;
  const series: readonly BarSeries[] = [
    { name: t("home.byItself"), fill: "fill-tool-fill", tone: "text-tool-fill" },
    { name: t("home.afterPerson"), fill: "fill-human-fill", tone: "text-human-fill" },
  ];
  const label = (index: number, start: number) => {
    if (index === CHART_HOURS - 1) return t("parts.chart.now");
    if (index % 12 !== 0) return null;
    return new Date(start).toLocaleTimeString(formatLocale(), {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  };
  // A full page whose oldest row is younger than the chart leaves something out, and says so.
  const oldest = effects.items.at(-1)?.created_at;
  const first = hours[0]?.start ?? 0;
  const part = effects.next !== null && oldest !== undefined && Date.parse(oldest) > first;
  return (
    <Card title={t("home.chartTitle")} aside={<BarLegend series={series} />}>
      <CardBody>
        <BarChart
          label={t("home.chartAria")}
          series={series}
          bars={hours.map(({ start, byRule, byPerson }, index) => {
            const words = label(index, start);
            return { values: [byRule, byPerson], ...(words ? { label: words } : {}) };
          })}
        />
        {part && (
          <p className="mt-1 text-11 text-fg-muted">{t("home.chartPart", { count: ROWS_MAX })}</p>
        )}
      </CardBody>
    </Card>
  );
}

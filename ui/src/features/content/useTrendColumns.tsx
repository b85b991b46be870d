// The columns of trends. A figure that a source does not give is a dash, never a zero (C48).
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { buttonClass } from "@/shared/parts/Button";
import type { Column } from "@/shared/parts/DataTable";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { TaintChip } from "@/shared/parts/Untrusted";

type Trend = Wire<"Trend">;

/** So much of a headline stands in a goal that begins with it. */
const GOAL_WORDS_CHARS = 200;
/** Rates have so many digits behind the point. */
const RATE_DIGITS = 1;

const FIGURES = ["views", "likes", "comments", "shares"] as const;

/** Where it was read: the site, or what the feed gives as its place. */
export function sourceOf({ url, platform }: Trend): string {
  try {
    return new URL(url).host || platform;
  } catch {
    return platform;
  }
}

function Words({ trend }: { trend: Trend }) {
  return (
    <span className="flex min-w-0 flex-col">
      <span className="flex min-w-0 items-center gap-1.5">
        <TaintChip />
        <span className="clip text-fg-strong" title={trend.title}>
          <HiddenText>{trend.title}</HiddenText>
        </span>
      </span>
      <span className="num clip text-11 text-fg-muted" title={trend.url}>
        <HiddenText>{trend.url}</HiddenText>
      </span>
    </span>
  );
}

/** What the source gives of how it was taken up. */
function Figures({ of }: { of: Trend["engagement_metrics"] }) {
  const { t } = useTranslation();
  const given = FIGURES.flatMap((name) => {
    const count = of[name];
    return count === null ? [] : [{ name, count: formatCount(count, formatLocale()) }];
  });
  if (given.length === 0) {
    return <span className="text-fg-muted">{t("trends.noFigures")}</span>;
  }
  return (
    <span className="tnum clip">
      {given.map(({ name, count }) => t(`trends.figure.${name}`, { amount: count })).join(" · ")}
    </span>
  );
}

export function useTrendColumns(mayWrite: boolean): readonly Column<Trend>[] {
  const { t } = useTranslation();
  const rate = new Intl.NumberFormat(formatLocale(), { maximumFractionDigits: RATE_DIGITS });
  const columns: Column<Trend>[] = [
    {
      id: "when",
      header: t("trends.column.when"),
      width: "104px",
      sortBy: ({ timestamp }) => timestamp,
      cell: ({ timestamp }) => <RelativeTime at={timestamp} className="text-fg-muted" />,
    },
    {
      id: "topic",
      header: t("trends.column.topic"),
      width: "150px",
      sortBy: ({ topic }) => topic,
      cell: ({ topic }) => <HiddenText>{topic}</HiddenText>,
    },
    {
      id: "words",
      header: t("trends.column.words"),
      width: "minmax(0,1fr)",
      cell: (trend) => <Words trend={trend} />,
    },
    {
      id: "source",
      header: t("trends.column.source"),
      width: "150px",
      sortBy: sourceOf,
      cell: (trend) => <HiddenText>{sourceOf(trend)}</HiddenText>,
    },
    {
      id: "rate",
      header: t("trends.column.rate"),
      width: "90px",
      align: "end",
      sortBy: ({ velocity }) => velocity,
      cell: ({ velocity }) => (
        <span className="tnum" title={t("trends.rateText")}>
          {t("trends.rate", { rate: rate.format(velocity) })}
        </span>
      ),
    },
    {
      id: "figures",
      header: t("trends.column.figures"),
      width: "150px",
      cell: ({ engagement_metrics }) => <Figures of={engagement_metrics} />,
    },
  ];
  if (!mayWrite) return columns;
  return [
    ...columns,
    {
      id: "act",
      header: t("trends.column.act"),
      width: "130px",
      align: "end",
      cell: ({ title }) => (
        <Link
          to={at.compose() as string}
          search={{ goal: t("trends.goal", { title: title.slice(0, GOAL_WORDS_CHARS) }) } as never}
          className={buttonClass("plain", "sm")}
        >
          {t("trends.brief")}
        </Link>
      ),
    },
  ];
}

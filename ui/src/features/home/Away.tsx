// What happened since the person last looked, counted, each line a way to where it can be seen whole.
import { Link } from "@tanstack/react-router";
import {
  ChevronRight,
  CircleX,
  Flag,
  Hourglass,
  Moon,
  Send,
  ShieldAlert,
  Undo2,
  UserRoundCheck,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Card } from "@/shared/parts/Card";
import { type Glyph, Icon } from "@/shared/parts/Icon";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import type { Count, Decided, Failures, Published } from "./away";
import type { Since } from "./useSince";

export interface AwayCounts {
  published: Published;
  failures: Failures;
  decided: Decided;
  expired: Count;
  incidents: { count: Count; blocked: number };
  finished: Count;
}

interface Line {
  name: "published" | "decided" | "expired" | "failed" | "undone" | "incidents" | "finished";
  icon: Glyph;
  look: string;
  count: Count;
  text: string;
  to: string;
}

const QUIET = "bg-fg-muted/13 text-fg-muted";
const BY_WHOM_MAX = 3;

function useLines(counts: AwayCounts): readonly Line[] {
  const { t } = useTranslation();
  const { published, failures, decided, expired, incidents, finished } = counts;
  const people = published.count.value - published.byRule;
  const byWhom = decided.byWhom
    .slice(0, BY_WHOM_MAX)
    .map(({ name, count }) => t("home.byWhom", { name, count }));
  const rejected =
    decided.rejected > 0 ? [t("home.rejectedNote", { count: decided.rejected })] : [];
  const lines: readonly Line[] = [
    {
      name: "published",
      icon: Send,
      look: "bg-ok-soft text-ok",
      count: published.count,
      text: t("home.byRule", { rule: published.byRule, people }),
      to: at.content,
    },
    {
      name: "decided",
      icon: UserRoundCheck,
      look: QUIET,
      count: decided.count,
      text: [...byWhom, ...rejected].join(", "),
      to: at.review(),
    },
    {
      name: "expired",
      icon: Hourglass,
      look: "bg-warn-soft text-warn",
      count: expired,
      text: "",
      to: at.review(),
    },
    {
      name: "failed",
      icon: CircleX,
      look: "bg-bad-soft text-bad",
      count: failures.failed,
      text: failures.unclear > 0 ? t("home.unclearNote", { count: failures.unclear }) : "",
      to: at.content,
    },
    {
      name: "undone",
      icon: Undo2,
      look: QUIET,
      count: failures.undone,
      text: "",
      to: at.content,
    },
    {
      name: "incidents",
      icon: ShieldAlert,
      look: "bg-warn-soft text-warn",
      count: incidents.count,
      text: incidents.blocked > 0 ? t("home.blockedNote", { count: incidents.blocked }) : "",
      to: at.incidents,
    },
    {
      name: "finished",
      icon: Flag,
      look: "bg-ok-soft text-ok",
      count: finished,
      text: "",
      to: at.campaigns,
    },
  ];
  return lines.filter(({ count }) => count.value > 0);
}

export function Away({ counts, since }: { counts: AwayCounts; since: Since }) {
  const { t } = useTranslation();
  const lines = useLines(counts);
  const locale = formatLocale();
  return (
    <Card
      title={t(since.first ? "home.dayTitle" : "home.awayTitle")}
      aside={
        since.since !== null &&
        !since.first && <RelativeTime at={new Date(since.since).toISOString()} />
      }
    >
      {lines.length === 0 ? (
        <EmptyState icon={Moon} title={t("home.awayEmpty")} text={t("home.awayEmptyText")} />
      ) : (
        <ul className="-mb-px">
          {lines.map(({ name, icon, look, count, text, to }) => (
            <li key={name}>
              <Link
                to={to}
                className="flex h-10 items-center gap-2.5 border-line border-b px-3 hover:bg-hover focus-visible:outline-offset-[-2px]"
              >
                <span
                  aria-hidden
                  className={`grid size-6 flex-none place-items-center rounded-6 ${look}`}
                >
                  <Icon of={icon} size="sm" />
                </span>
                <b className="min-w-8 text-right font-semibold text-fg-strong tnum">
                  {count.orMore
                    ? t("home.orMore", { count: count.value })
                    : formatCount(count.value, locale)}
                </b>
                <span className="flex-none font-medium text-fg-strong">
                  {t(`home.did.${name}`, { count: count.value })}
                </span>
                <span className="clip min-w-0 flex-1 text-12 text-fg-muted">{text}</span>
                <Icon of={ChevronRight} size="sm" className="text-fg-faint" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

// What happened since the person last looked, counted, each line a way to where it can be seen whole.
import { Link } from "@tanstack/react-router";
import { ChevronRight, Moon } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Card } from "@/shared/parts/Card";
import { Icon } from "@/shared/parts/Icon";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { useMe } from "@/shared/session/useMe";
import type { Incidents } from "./away";
import { isPart, type Line, useLines } from "./useLines";
import type { Since } from "./useSince";

const ROW = "flex h-10 items-center gap-2.5 border-line border-b px-3";

function Row({ line }: { line: Line }) {
  const { t } = useTranslation();
  const open = useMe().rooms.includes(line.room);
  const shown = formatCount(line.count, formatLocale());
  const body = (
    <>
      <span
        aria-hidden
        className={`grid size-6 flex-none place-items-center rounded-6 ${line.look}`}
      >
        <Icon of={line.icon} size="sm" />
      </span>
      <b className="min-w-8 text-right font-semibold text-fg-strong tnum">
        {line.orMore ? t("home.orMore", { count: line.count, shown }) : shown}
      </b>
      <span className="flex-none font-medium text-fg-strong">
        {t(`home.did.${line.name}`, { count: line.count })}
      </span>
      <span className="clip min-w-0 flex-1 text-12 text-fg-muted">{line.text}</span>
    </>
  );
  if (!open) return <div className={ROW}>{body}</div>;
  return (
    <Link to={line.to} className={`${ROW} hover:bg-hover focus-visible:outline-offset-[-2px]`}>
      {body}
      <Icon of={ChevronRight} size="sm" className="text-fg-faint" />
    </Link>
  );
}

export interface AwayProps {
  brief: Wire<"HomeBrief">;
  /** Null where the person may not see them. */
  incidents: Incidents | null;
  since: Since;
}

export function Away({ brief, incidents, since }: AwayProps) {
  const { t } = useTranslation();
  const lines = useLines(brief, incidents);
  const part = isPart(brief);
  return (
    <Card
      title={t(since.first ? "home.dayTitle" : "home.awayTitle")}
      aside={!since.first && <RelativeTime at={brief.since} />}
    >
      {lines.length === 0 ? (
        <EmptyState
          icon={Moon}
          title={t(part ? "home.awayNothing" : "home.awayEmpty")}
          text={t(part ? "home.awayPart" : "home.awayEmptyText")}
        />
      ) : (
        <ul className="-mb-px">
          {lines.map((line) => (
            <li key={line.name}>
              <Row line={line} />
            </li>
          ))}
        </ul>
      )}
      {part && lines.length > 0 && (
        <p className="border-line border-t px-3 py-2 text-12 text-fg-muted">{t("home.awayPart")}</p>
      )}
    </Card>
  );
}

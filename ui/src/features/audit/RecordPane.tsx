// One record, whole: who, when, what it concerned, what went in and what came out.
import { Link } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { absoluteTime } from "@/shared/format/time";
import { formatLocale } from "@/shared/i18n/locale";
import { Badge } from "@/shared/parts/Badge";
import { Section } from "@/shared/parts/Card";
import { CopyButton } from "@/shared/parts/CopyButton";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";
import { EmptyState } from "@/shared/parts/States";
import { useMe } from "@/shared/session/useMe";
import { Ending } from "./Records";
import { useActWords } from "./useActWords";

function Json({ value }: { value: unknown }) {
  const { t } = useTranslation();
  if (value === null || value === undefined) {
    return <p className="text-12 text-fg-muted">{t("audit.nothing")}</p>;
  }
  return (
    <pre className="num whitespace-pre-wrap rounded-6 bg-frame p-2.5 text-11 text-fg leading-[17px] [overflow-wrap:anywhere]">
      <HiddenText>{JSON.stringify(value, null, 2)}</HiddenText>
    </pre>
  );
}

/** A link where the room is open to the person, else the bare key. */
function Key({ id, to, room }: { id: string; to: string; room: Wire<"Room"> }) {
  const open = useMe().rooms.includes(room);
  if (!open) return <span className="num">{id}</span>;
  return (
    <Link to={to} className="num text-accent-fg hover:underline">
      {id}
    </Link>
  );
}

function useRows(record: Wire<"AuditRecord">): readonly (readonly [string, ReactNode])[] {
  const { t } = useTranslation();
  const { actor, campaign, subject, task, trace, skill } = record;
  const moment = new Date(record.at);
  const locale = formatLocale();
  const rows: (readonly [string, ReactNode])[] = [
    [t("audit.when"), t("parts.time.local", { time: absoluteTime(moment, locale) })],
    ["", t("parts.time.utc", { time: absoluteTime(moment, locale, "UTC") })],
    [
      t("audit.who"),
      <span key="who">
        {actor.name ?? actor.id} <Badge tone="outline">{t(`audit.whoKind.${actor.kind}`)}</Badge>
      </span>,
    ],
    [
      t("audit.what"),
      <span key="what" className="num">
        {record.action}
      </span>,
    ],
    [t("audit.how"), <Ending key="how" record={record} />],
  ];
  if (subject) rows.push([t(`audit.subject.${subject.kind}`), subject.label]);
  if (campaign) {
    rows.push([
      t("audit.campaign"),
      <Key key="campaign" id={campaign} to={at.campaign(campaign)} room="campaigns" />,
    ]);
  }
  if (task)
    rows.push([
      t("audit.task"),
      <span key="task" className="num">
        {task}
      </span>,
    ]);
  if (skill)
    rows.push([
      t("audit.skill"),
      <span key="skill" className="num">
        {skill}
      </span>,
    ]);
  if (trace) {
    rows.push([
      t("audit.trace"),
      <Key key="trace" id={trace} to={at.trace(trace)} room="traces" />,
    ]);
  }
  return rows;
}

function Whole({ record }: { record: Wire<"AuditRecord"> }) {
  const { t } = useTranslation();
  const rows = useRows(record);
  const words = useActWords();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <Section
        title={words(record.action)}
        aside={<CopyButton text={JSON.stringify(record, null, 2)} />}
      >
        <KeyValue rows={rows} />
      </Section>
      <Section title={t("audit.input")}>
        <Json value={record.input} />
      </Section>
      <Section title={t("audit.output")}>
        <Json value={record.output} />
      </Section>
      <p className="px-3.5 py-3 text-12 text-fg-muted">{t("audit.redacted")}</p>
    </div>
  );
}

export function RecordPane({ record }: { record: Wire<"AuditRecord"> | null }) {
  const { t } = useTranslation();
  if (record) return <Whole record={record} />;
  return (
    <div className="m-auto">
      <EmptyState icon={ScrollText} title={t("audit.chooseTitle")} text={t("audit.choose")} />
    </div>
  );
}

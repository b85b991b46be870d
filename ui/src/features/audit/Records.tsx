// The list of records: when, who, what, how it ended. j and k walk through it.
import { Bot, Cog, ScrollText, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { useKey } from "@/shared/keys/useKey";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { type Glyph, Icon } from "@/shared/parts/Icon";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { VirtualList } from "@/shared/parts/VirtualList";
import { useActWords } from "./useActWords";

type AuditRecord = Wire<"AuditRecord">;

const ROW_PX = 32;
const ICONS: Record<Wire<"ActorKind">, Glyph> = { person: UserRound, agent: Bot, system: Cog };
const STATUS_TONES: Record<Wire<"AuditStatus">, BadgeTone> = {
  success: "ok",
  failure: "bad",
  pending: "info",
};

/** How a record ended, as it is known now: a later record may tell what this one could not. */
export function Ending({ record }: { record: AuditRecord }) {
  const { t } = useTranslation();
  if (record.overtaken) return <Badge tone="neutral">{t("audit.overtaken")}</Badge>;
  return <Badge tone={STATUS_TONES[record.status]}>{t(`audit.status.${record.status}`)}</Badge>;
}

export interface RecordsProps {
  records: readonly AuditRecord[];
  filtered: boolean;
  opened: string | null;
  onOpen: (id: string) => void;
  onNearEnd: () => void;
}

function Row({ record, open, onOpen }: { record: AuditRecord; open: boolean; onOpen: () => void }) {
  const { t } = useTranslation();
  const words = useActWords();
  const { actor } = record;
  return (
    <button
      type="button"
      aria-current={open || undefined}
      onClick={onOpen}
      className="grid h-8 w-full grid-cols-[84px_minmax(110px,190px)_minmax(0,1fr)_auto] items-center gap-2.5 border-line border-b px-4 text-left hover:bg-hover focus-visible:outline-offset-[-2px] aria-[current]:bg-selected"
    >
      <RelativeTime at={record.at} className="text-12 text-fg-muted" />
      <span className="flex min-w-0 items-center gap-1.5">
        <Icon
          of={ICONS[actor.kind]}
          size="sm"
          className="text-fg-muted"
          label={t(`audit.whoKind.${actor.kind}`)}
        />
        <span className="clip">{actor.name ?? actor.id}</span>
      </span>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="shrink-0 text-fg-strong">{words(record.action)}</span>
        {record.subject && <span className="clip">{record.subject.label}</span>}
        <span className="num clip text-11 text-fg-faint max-wide:hidden">{record.action}</span>
      </span>
      <Ending record={record} />
    </button>
  );
}

export function Records({ records, filtered, opened, onOpen, onNearEnd }: RecordsProps) {
  const { t } = useTranslation();
  const index = records.findIndex(({ id }) => id === opened);
  const go = (to: number) => {
    const record = records[Math.min(records.length - 1, Math.max(0, to))];
    if (record) onOpen(record.id);
  };
  useKey("next", () => go(index + 1), records.length > 0);
  useKey("previous", () => go(index - 1), records.length > 0);
  if (records.length === 0) {
    return (
      <div className="m-auto">
        <EmptyState
          icon={ScrollText}
          title={t(filtered ? "audit.emptyFiltered" : "audit.empty")}
          text={t(filtered ? "audit.emptyFilteredText" : "audit.emptyText")}
        />
      </div>
    );
  }
  return (
    <VirtualList
      className="flex-1"
      label={t("audit.list")}
      items={records}
      keyOf={({ id }) => id}
      rowHeight={ROW_PX}
      showIndex={index}
      onNearEnd={onNearEnd}
      row={(record) => (
        <Row record={record} open={record.id === opened} onOpen={() => onOpen(record.id)} />
      )}
    />
  );
}

// One memory: what, of which kind, whose words, where it came from and when. Its text is rendered as text.
import { Link } from "@tanstack/react-router";
import { Bot, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Badge } from "@/shared/parts/Badge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { IconButton } from "@/shared/parts/IconButton";
import { OriginBadge } from "@/shared/parts/Provenance";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { useMe } from "@/shared/session/useMe";

type Memory = Wire<"Memory">;

/** Characters of a memory that name it on a button. */
const NAMED_CHARS = 40;
const FIT_PER_PERCENT = 10;

function Whose({ origin }: { origin: Wire<"Origin"> }) {
  const { t } = useTranslation();
  switch (origin.kind) {
    case "operator":
    case "persona":
    case "tool":
    case "untrusted":
      return <OriginBadge origin={origin.kind} />;
    default:
      return (
        <Badge tone="outline" icon={Bot}>
          {t("memories.model")}
        </Badge>
      );
  }
}

function Came({ task }: { task: Wire<"MemoryTask"> }) {
  const { t } = useTranslation();
  const { rooms } = useMe();
  const title = t("memories.task", { title: task.title });
  const link = "text-accent-fg underline underline-offset-2";
  return (
    <>
      {rooms.includes("campaigns") ? (
        <Link to={at.campaign(task.campaign)} className={`${link} clip max-w-[260px]`}>
          <HiddenText>{title}</HiddenText>
        </Link>
      ) : (
        <HiddenText>{title}</HiddenText>
      )}
      {rooms.includes("traces") && (
        <Link to={at.trace(task.trace)} className={link}>
          {t("memories.run")}
        </Link>
      )}
    </>
  );
}

export function MemoryRow({ memory, onForget }: { memory: Memory; onForget: (() => void) | null }) {
  const { t } = useTranslation();
  const { kind, text, source, origin, task, importance, fit } = memory;
  return (
    <li className="flex items-start gap-2.5 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="whitespace-pre-wrap text-fg-strong [overflow-wrap:anywhere]">
          <HiddenText>{text}</HiddenText>
        </p>
        <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-11 text-fg-muted">
          <Badge>{t(`memories.kind.${kind}`)}</Badge>
          <Whose origin={origin} />
          {source !== "" && (
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <HiddenText>{t("memories.from", { source })}</HiddenText>
            </span>
          )}
          {task && <Came task={task} />}
          <RelativeTime at={memory.at} />
          <span className="tnum">{t("memories.importance", { importance })}</span>
          {fit !== null && (
            <span className="tnum text-fg" title={t("memories.fitHint")}>
              {t("memories.fit", { percent: Math.round(fit / FIT_PER_PERCENT) })}
            </span>
          )}
        </div>
      </div>
      {onForget && (
        <IconButton
          icon={Trash2}
          size="sm"
          label={t("memories.forgetOf", { text: text.slice(0, NAMED_CHARS) })}
          onClick={onForget}
        />
      )}
    </li>
  );
}

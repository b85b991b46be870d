// How the item came to be: every draft and edit against the one before, and why drafts were sent back.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { basisPoints } from "@/shared/format/confidence";
import { Callout } from "@/shared/parts/Callout";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { WordDiff } from "@/shared/parts/WordDiff";

type Artifact = Wire<"Artifact">;

function useTitle(history: readonly Artifact[]): (artifact: Artifact) => string {
  const { t } = useTranslation();
  const drafts = history.filter(({ type, edited_from }) => type === "caption" && !edited_from);
  return (artifact) => {
    if (artifact.edited_from) return t("review.history.edit");
    if (artifact.type === "post_intent") return t("review.history.post");
    return t("review.history.draft", { number: drafts.indexOf(artifact) + 1 });
  };
}

function Version({ title, artifact, before }: VersionProps) {
  const { t } = useTranslation();
  const { model, rehearsal } = artifact.generation;
  const text = artifact.text ?? "";
  return (
    <li className="overflow-hidden rounded-8 border border-line bg-raised">
      <header className="flex min-h-8 flex-wrap items-center gap-x-2 border-line border-b px-3 py-1 text-12 text-fg-muted">
        <h3 className="flex-none font-semibold text-fg-strong">{title}</h3>
        {rehearsal ? (
          <RehearsalBadge />
        ) : (
          <span className="clip">{t("review.history.by", { model })}</span>
        )}
        <span className="ml-auto flex flex-none items-center gap-2">
          <RelativeTime at={artifact.created_at} />
          {artifact.confidence !== null && (
            <ConfidenceBadge basisPoints={basisPoints(artifact.confidence)} />
          )}
        </span>
      </header>
      <div className="px-3 py-2 text-[14px] leading-[22px]">
        {before === null ? (
          <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
            <HiddenText>{text}</HiddenText>
          </p>
        ) : (
          <WordDiff before={before} after={text} />
        )}
      </div>
    </li>
  );
}

interface VersionProps {
  title: string;
  artifact: Artifact;
  before: string | null;
}

export function HistoryView({ card }: { card: Wire<"ReviewCard"> }) {
  const { t } = useTranslation();
  const { history, guidance } = card;
  const titleOf = useTitle(history);
  return (
    <>
      {guidance.map((words) => (
        <Callout key={words} tone="warn">
          <HiddenText>{t("review.history.sentBack", { words })}</HiddenText>
        </Callout>
      ))}
      <ol className="flex flex-col gap-2.5">
        {history.map((artifact, index) => (
          <Version
            key={artifact.id}
            title={titleOf(artifact)}
            artifact={artifact}
            before={index === 0 ? null : (history[index - 1]?.text ?? null)}
          />
        ))}
      </ol>
      {history.length < 2 && <p className="text-12 text-fg-muted">{t("review.history.one")}</p>}
    </>
  );
}

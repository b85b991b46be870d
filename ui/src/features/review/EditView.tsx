// Writing an edit: what differs from the draft is marked while one writes, and the judge says what it thinks of it.
import { clsx } from "clsx";
import { ArrowRight, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { basisPoints, formatConfidence } from "@/shared/format/confidence";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { TextEditor } from "@/shared/parts/editor/TextEditor";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { inWords, movedCriteria, stops } from "./model";
import type { Check } from "./useCheck";

function Judgement({ before, check, over, onAgain }: JudgementProps) {
  const { t } = useTranslation();
  switch (check.state) {
    case "unchanged":
      return <span>{t("review.edit.unchanged")}</span>;
    case "tooLong":
      return <span className="text-bad">{t("review.edit.tooLong", { count: over })}</span>;
    case "waiting":
      return <span>{t("review.edit.pause")}</span>;
    case "judging":
      return (
        <span className="flex items-center gap-1.5">
          <Icon of={LoaderCircle} size="sm" className="animate-spin" />
          {t("review.edit.judging")}
        </span>
      );
    case "failed":
      return (
        <span className="flex items-center gap-1.5 text-bad">
          {t("review.edit.judgedFailed")}
          <Button size="sm" onClick={onAgain}>
            {t("review.edit.again")}
          </Button>
        </span>
      );
    case "judged":
      return (
        <span className="flex items-center gap-1.5">
          <span className="max-wide:sr-only">{t("review.edit.judged")}</span>
          <ConfidenceBadge basisPoints={basisPoints(before)} />
          <Icon of={ArrowRight} size="xs" label={t("review.edit.to")} />
          <ConfidenceBadge basisPoints={basisPoints(check.check.verdict.confidence)} />
        </span>
      );
  }
}

interface JudgementProps {
  before: number;
  check: Check;
  /** Characters that its network does not take. */
  over: number;
  onAgain: () => void;
}

/** What the judge found in the edit: what blocks it first. */
function Findings({ check }: { check: Wire<"EditCheck"> }) {
  const { t } = useTranslation();
  const found = [...check.verdict.findings].sort((a, b) => Number(stops(b)) - Number(stops(a)));
  if (found.length === 0) return null;
  return (
    <Callout tone={check.blocked ? "bad" : "warn"}>
      {check.blocked && <b className="font-semibold">{t("review.edit.blocked")}</b>}
      <ul className="flex flex-col gap-0.5">
        {found.map((finding) => (
          <li key={`${finding.rule} ${finding.span?.start ?? ""}`}>
            <HiddenText>{finding.message}</HiddenText>
          </li>
        ))}
      </ul>
    </Callout>
  );
}

/** Lines of the checklist that the edit moved, old to new, with what the judge says now. */
function Moved({ card, verdict }: { card: Wire<"ReviewCard">; verdict: Wire<"Verdict"> }) {
  const { t } = useTranslation();
  const lines = movedCriteria(card.verdict?.criteria ?? [], verdict.criteria);
  if (lines.length === 0) return null;
  return (
    <ul
      aria-label={t("review.edit.moved")}
      className="flex flex-none flex-col gap-1 rounded-8 border border-line bg-surface px-3 py-2 text-12"
    >
      {lines.map(({ name, before, after, note }) => (
        <li key={name} className="flex items-baseline gap-2">
          <span className="w-20 flex-none text-fg-muted">{inWords(name)}</span>
          <span className={clsx("num flex-none", after < before ? "text-bad" : "text-ok")}>
            {formatConfidence(before)}
            {" → "}
            {formatConfidence(after)}
          </span>
          <span className="min-w-0 text-fg-muted [overflow-wrap:anywhere]">
            <HiddenText>{note}</HiddenText>
          </span>
        </li>
      ))}
    </ul>
  );
}

export interface EditViewProps {
  card: Wire<"ReviewCard">;
  text: string;
  onText: (text: string) => void;
  check: Check;
  onAgain: () => void;
}

export function EditView({ card, text, onText, check, onAgain }: EditViewProps) {
  const { t } = useTranslation();
  const max = card.preview?.max_chars;
  // As it would go out: what stands around it is taken away.
  const chars = [...text.trim()].length;
  return (
    <>
      <section className="flex-none rounded-8 border border-accent-line bg-raised ring-3 ring-accent-soft">
        <header className="flex min-h-[34px] flex-wrap items-center gap-x-2 gap-y-0.5 whitespace-nowrap border-line border-b py-1 pr-2.5 pl-3 text-12 text-fg-muted">
          <h3 className="font-semibold text-13 text-fg-strong">{t("review.edit.title")}</h3>
          <span className="clip max-wide:hidden">{t("review.edit.against")}</span>
          <span className="ml-auto flex items-center gap-2">
            {max !== undefined && (
              <span className={clsx("num", chars > max && "text-bad")}>
                {t("review.preview.chars", { chars, max })}
              </span>
            )}
            <span aria-live="polite">
              <Judgement
                before={card.review.confidence}
                check={check}
                over={chars - (max ?? chars)}
                onAgain={onAgain}
              />
            </span>
          </span>
        </header>
        <TextEditor
          key={card.review.id}
          language="plain"
          label={t("review.edit.label")}
          value={text}
          onChange={onText}
          against={card.review.preview.text}
          focused
          className="min-h-[116px]"
        />
      </section>
      {check.state === "judged" && (
        <>
          <Findings check={check.check} />
          <Moved card={card} verdict={check.check.verdict} />
        </>
      )}
      {check.state === "failed" && <Callout tone="bad">{check.message}</Callout>}
    </>
  );
}

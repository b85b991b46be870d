// Confidence as stored: the judge's score and the writer's own on the bands, and the checklist behind them.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import {
  AUTO_ABOVE_BP,
  basisPoints,
  formatConfidence,
  REVIEW_FROM_BP,
} from "@/shared/format/confidence";
import { Section } from "@/shared/parts/Card";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { ConfidenceScale } from "@/shared/parts/ConfidenceScale";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Meter, type MeterTone } from "@/shared/parts/Meter";
import { inWords } from "./model";

function toneOf(score: number): MeterTone {
  if (score >= AUTO_ABOVE_BP) return "ok";
  return score >= REVIEW_FROM_BP ? "warn" : "bad";
}

function CriterionRow({ criterion }: { criterion: Wire<"Criterion"> }) {
  const score = basisPoints(criterion.score);
  const name = inWords(criterion.name);
  return (
    <li
      title={criterion.note}
      className="grid grid-cols-[64px_1fr_30px] items-center gap-2 text-12 leading-[18px]"
    >
      <span className="clip text-fg-muted">{name}</span>
      <Meter share={criterion.score} label={name} tone={toneOf(score)} />
      <span className="num text-right">{formatConfidence(score)}</span>
    </li>
  );
}

/** The lines that cost points, in words: what is whole needs none. */
function Notes({ criteria }: { criteria: readonly Wire<"Criterion">[] }) {
  const short = criteria.filter(({ score }) => score < 1);
  if (short.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-0.5 text-11 text-fg-muted leading-[15px]">
      {short.map(({ name, note }) => (
        <li key={name} className="[overflow-wrap:anywhere]">
          <span className="text-fg">{inWords(name)}</span> <HiddenText>{note}</HiddenText>
        </li>
      ))}
    </ul>
  );
}

export interface ScoresProps {
  review: Wire<"Review">;
  verdict: Wire<"Verdict"> | null;
}

export function Scores({ review, verdict }: ScoresProps) {
  const { t } = useTranslation();
  const judge = basisPoints(review.judge_confidence);
  const writer = review.worker_confidence === null ? null : basisPoints(review.worker_confidence);
  const counts = basisPoints(review.confidence);
  return (
    <Section title={t("review.score.title")} aside={t("review.score.routed")}>
      {writer === null ? (
        <p className="flex items-center gap-2 text-12 text-fg-muted">
          <ConfidenceBadge basisPoints={judge} />{" "}
          {t(review.state === "edited" ? "review.score.byPerson" : "review.score.noWriter")}
        </p>
      ) : (
        <ConfidenceScale judge={judge} writer={writer} />
      )}
      {counts !== judge && (
        <p className="text-12 text-fg-muted">
          {t("review.score.counts", { value: formatConfidence(counts) })}
        </p>
      )}
      {verdict && (
        <>
          <ul className="mt-1 grid grid-cols-2 gap-x-5 gap-y-0.5 max-wide:gap-x-3">
            {verdict.criteria.map((criterion) => (
              <CriterionRow key={criterion.name} criterion={criterion} />
            ))}
          </ul>
          <Notes criteria={verdict.criteria} />
          <p className="mt-2 text-11 text-fg-muted [overflow-wrap:anywhere]">{verdict.judge}</p>
        </>
      )}
    </Section>
  );
}

// Confidence as stored: the judge's score and the writer's own on the policy's bands, which of them counts, and the
// checklist behind them.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { type Band, bandOf, basisPoints, formatConfidence } from "@/shared/format/confidence";
import { writtenHidden } from "@/shared/format/hidden";
import { Section } from "@/shared/parts/Card";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { ConfidenceScale, type Lines } from "@/shared/parts/ConfidenceScale";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Meter, type MeterTone } from "@/shared/parts/Meter";
import { inWords } from "./model";

const TONES: Record<Band, MeterTone> = { high: "ok", middle: "warn", low: "bad" };

function CriterionRow({ criterion }: { criterion: Wire<"Criterion"> }) {
  const score = basisPoints(criterion.score);
  const name = inWords(criterion.name);
  return (
    <li
      title={criterion.note && writtenHidden(criterion.note)}
      className="grid grid-cols-[64px_1fr_30px] items-center gap-2 text-12 leading-[18px]"
    >
      <span className="clip text-fg-muted first-letter:uppercase">{name}</span>
      <Meter share={criterion.score} label={name} tone={TONES[bandOf(score)]} />
      <span className="num text-right">{formatConfidence(score)}</span>
    </li>
  );
}

/** The lines that cost points, in words: what is whole needs none. */
function Notes({ criteria }: { criteria: readonly Wire<"Criterion">[] }) {
  const { t } = useTranslation();
  const short = criteria.filter(({ score }) => score < 1);
  if (short.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-0.5 text-11 text-fg-muted leading-[15px]">
      {short.map(({ name, note }) => (
        <li key={name} className="[overflow-wrap:anywhere]">
          <span className="inline-block text-fg first-letter:uppercase">
            {t("review.score.of", { name: inWords(name) })}
          </span>{" "}
          <HiddenText>{note}</HiddenText>
        </li>
      ))}
    </ul>
  );
}

/** The policy's lines, exact. */
function linesOf(bands: Wire<"Bands"> | null): Lines | null {
  return (
    bands && {
      autoAbove: basisPoints(bands.auto_above),
      reviewFrom: basisPoints(bands.review_from),
      mustApproveFrom: basisPoints(bands.must_approve_from),
    }
  );
}

/** Which score decided the route: the lower one, unless what the work builds on is less sure still. */
export function countsBy(judge: number, writer: number | null, counts: number) {
  if (counts < Math.min(judge, writer ?? judge)) return "inputs";
  if (writer === null || judge < writer) return "judge";
  return writer < judge ? "writer" : "both";
}

export interface ScoresProps {
  review: Wire<"Review">;
  verdict: Wire<"Verdict"> | null;
  /** Of the policy that the verdict was routed by. */
  bands: Wire<"Bands"> | null;
}

export function Scores({ review, verdict, bands }: ScoresProps) {
  const { t } = useTranslation();
  const judge = basisPoints(review.judge_confidence);
  const writer = review.worker_confidence === null ? null : basisPoints(review.worker_confidence);
  const counts = basisPoints(review.confidence);
  const by = countsBy(judge, writer, counts);
  return (
    <Section title={t("review.score.title")} aside={t(`review.score.routed.${by}`)}>
      {writer === null ? (
        <p className="flex items-center gap-2 text-12 text-fg-muted">
          <ConfidenceBadge basisPoints={judge} />{" "}
          {t(review.state === "edited" ? "review.score.byPerson" : "review.score.noWriter")}
        </p>
      ) : (
        <ConfidenceScale judge={judge} writer={writer} lines={linesOf(bands)} />
      )}
      {counts !== judge && (
        <p className="text-12 text-fg-muted">
          {t(by === "inputs" ? "review.score.held" : "review.score.counts", {
            value: formatConfidence(counts),
          })}
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

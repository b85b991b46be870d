// Where two scores lie on the bands: the judge's, which decides, and the writer's own guess.
import { useTranslation } from "react-i18next";
import {
  AUTO_ABOVE_BP,
  FULL_BP,
  formatConfidence,
  REVIEW_FROM_BP,
} from "@/shared/format/confidence";

/** The scale begins here: everything below is rejected anyway. */
const FROM_BP = 5_000;
const TICKS = [FROM_BP, REVIEW_FROM_BP, AUTO_ABOVE_BP, FULL_BP] as const;

const at = (basisPoints: number) =>
  `${Math.min(1, Math.max(0, (basisPoints - FROM_BP) / (FULL_BP - FROM_BP))) * 100}%`;

export function ConfidenceScale({ judge, writer }: { judge: number; writer: number }) {
  const { t } = useTranslation();
  const says = {
    judge: t("parts.confidence.judge", { value: formatConfidence(judge) }),
    writer: t("parts.confidence.writer", { value: formatConfidence(writer) }),
  };
  const judgeRight = judge >= writer;
  return (
    <div role="img" aria-label={`${says.judge}, ${says.writer}`} className="relative mx-1 h-[54px]">
      <div
        aria-hidden
        className="absolute inset-x-0 top-6 flex h-1.5 gap-0.5 *:rounded-2 *:opacity-70"
      >
        <span className="w-2/5 bg-bad-fill" />
        <span className="w-2/5 bg-warn-fill" />
        <span className="w-1/5 bg-ok-fill" />
      </div>
      <Needle place={at(judge)} right={judgeRight} words={says.judge} solid />
      <Needle place={at(writer)} right={!judgeRight} words={says.writer} />
      {TICKS.map((tick) => (
        <span
          key={tick}
          aria-hidden
          className="absolute top-9 -translate-x-1/2 font-medium font-mono text-[10.5px] text-fg-faint leading-[14px] first-of-type:translate-x-0 last:-translate-x-full"
          style={{ left: at(tick) }}
        >
          {formatConfidence(tick)}
        </span>
      ))}
    </div>
  );
}

interface NeedleProps {
  place: string;
  right: boolean;
  words: string;
  solid?: boolean;
}

function Needle({ place, right, words, solid = false }: NeedleProps) {
  return (
    <div
      aria-hidden
      className={`absolute top-0 h-[33px] w-0 border-l-2 ${solid ? "border-fg-strong text-fg-strong" : "border-fg-muted border-dotted text-fg-muted"}`}
      style={{ left: place }}
    >
      <b
        className={`absolute -top-px whitespace-nowrap font-medium text-11 ${right ? "left-1" : "right-1.5"}`}
      >
        {words}
      </b>
    </div>
  );
}

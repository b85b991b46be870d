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

const shareOf = (basisPoints: number) =>
  Math.min(1, Math.max(0, (basisPoints - FROM_BP) / (FULL_BP - FROM_BP)));
const at = (basisPoints: number) => `${shareOf(basisPoints) * 100}%`;

/** A label needs about this share of the scale beside its needle. */
const LABEL_SHARE = 0.22;

export function ConfidenceScale({ judge, writer }: { judge: number; writer: number }) {
  const { t } = useTranslation();
  const says = {
    judge: t("parts.confidence.judge", { value: formatConfidence(judge) }),
    writer: t("parts.confidence.writer", { value: formatConfidence(writer) }),
  };
  const judgeRight = judge >= writer;
  const [left, right] = judgeRight ? [writer, judge] : [judge, writer];
  // Too near to an end for two labels around the needles: both stand on the side where there is room.
  const atEnd = 1 - shareOf(right) < LABEL_SHARE && shareOf(left) > 2 * LABEL_SHARE;
  const atStart = shareOf(left) < LABEL_SHARE && shareOf(right) < 1 - 2 * LABEL_SHARE;
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
      {atEnd || atStart ? (
        <>
          <Needle place={at(judge)} solid />
          <Needle place={at(writer)} />
          <Needle place={at(atEnd ? left : right)} right={atStart} solid={atEnd !== judgeRight}>
            {judgeRight ? `${says.writer} · ${says.judge}` : `${says.judge} · ${says.writer}`}
          </Needle>
        </>
      ) : (
        <>
          <Needle place={at(judge)} right={judgeRight} solid>
            {says.judge}
          </Needle>
          <Needle place={at(writer)} right={!judgeRight}>
            {says.writer}
          </Needle>
        </>
      )}
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
  right?: boolean;
  solid?: boolean;
  children?: string;
}

function Needle({ place, right = false, solid = false, children }: NeedleProps) {
  return (
    <div
      aria-hidden
      className={`absolute top-0 h-[33px] w-0 border-l-2 ${solid ? "border-fg-strong text-fg-strong" : "border-fg-muted border-dotted text-fg-muted"}`}
      style={{ left: place }}
    >
      {children && (
        <b
          className={`absolute -top-px whitespace-nowrap font-medium text-11 ${right ? "left-1" : "right-1.5"}`}
        >
          {children}
        </b>
      )}
    </div>
  );
}

// Where two scores lie on the policy's bands: the judge's and the writer's own guess. The lower of them counts.
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import { FULL_BP, formatConfidence } from "@/shared/format/confidence";

/** Most scales need no more than the upper half. */
const HALF_BP = 5_000;

/** The policy's lines, in basis points. */
export interface Lines {
  /** Strictly above this it may go by itself. */
  autoAbove: number;
  /** From here on it waits for a person. */
  reviewFrom: number;
  /** From here on a person must approve; below, it is sent back. */
  mustApproveFrom: number;
}

export interface ConfidenceScaleProps {
  judge: number;
  writer: number;
  /** Null when they are not known: the scale then has no bands. */
  lines: Lines | null;
}

/** A label needs about this share of the scale beside its needle. */
const LABEL_SHARE = 0.22;
/** Figures under the scale that stand closer than this would run into each other. */
const TICK_SHARE = 0.14;

const LOOKS = ["bg-fg-muted", "bg-bad-fill", "bg-warn-fill", "bg-ok-fill"] as const;

/** Bands from left to right in their colours; those that are empty or lie before the scale are left out. */
function bandsOf(from: number, lines: Lines | null) {
  const ends = lines
    ? [lines.mustApproveFrom, lines.reviewFrom, lines.autoAbove, FULL_BP]
    : [FULL_BP];
  return ends
    .map((end, index) => ({
      look: LOOKS[index],
      start: Math.max(from, ends[index - 1] ?? from),
      end,
    }))
    .filter(({ start, end }) => end > start);
}

const linesIn = ({ mustApproveFrom, reviewFrom, autoAbove }: Lines) => ({
  first: formatConfidence(mustApproveFrom),
  second: formatConfidence(reviewFrom),
  third: formatConfidence(autoAbove),
});

/** Figures that have room: both ends always, then the policy's lines, the uppermost first. */
function ticksOf(
  from: number,
  lines: Lines | null,
  shareOf: (bp: number) => number,
): readonly number[] {
  const kept = [from, FULL_BP];
  const wanted = lines ? [lines.autoAbove, lines.reviewFrom, lines.mustApproveFrom] : [];
  for (const tick of wanted) {
    const apart = kept.every((other) => Math.abs(shareOf(other) - shareOf(tick)) >= TICK_SHARE);
    if (tick > from && apart) kept.push(tick);
  }
  return kept.sort((a, b) => a - b);
}

export function ConfidenceScale({ judge, writer, lines }: ConfidenceScaleProps) {
  const { t } = useTranslation();
  const lowest = Math.min(judge, writer, lines?.mustApproveFrom ?? HALF_BP);
  const from = lowest < HALF_BP ? 0 : HALF_BP;
  const shareOf = (bp: number) => Math.min(1, Math.max(0, (bp - from) / (FULL_BP - from)));
  const at = (bp: number) => `${shareOf(bp) * 100}%`;
  const ticks = ticksOf(from, lines, shareOf);
  const says = {
    judge: t("parts.confidence.judge", { value: formatConfidence(judge) }),
    writer: t("parts.confidence.writer", { value: formatConfidence(writer) }),
    lines: lines && t("parts.confidence.lines", linesIn(lines)),
  };
  const judgeRight = judge >= writer;
  const [left, right] = judgeRight ? [writer, judge] : [judge, writer];
  // Too near to an end for two labels around the needles: both stand on the side where there is room.
  const atEnd = 1 - shareOf(right) < LABEL_SHARE && shareOf(left) > 2 * LABEL_SHARE;
  const atStart = shareOf(left) < LABEL_SHARE && shareOf(right) < 1 - 2 * LABEL_SHARE;
  return (
    <div
      role="img"
      aria-label={[says.judge, says.writer, says.lines].filter(Boolean).join(", ")}
      className="relative mx-1 h-[54px]"
    >
      <div
        aria-hidden
        className="absolute inset-x-0 top-6 flex h-1.5 gap-0.5 *:rounded-2 *:opacity-70"
      >
        {bandsOf(from, lines).map(({ look, start, end }) => (
          <span key={look} className={look} style={{ flexGrow: end - start }} />
        ))}
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
      {ticks.map((tick) => (
        <span
          key={tick}
          aria-hidden
          className={clsx(
            "absolute top-9 font-medium font-mono text-[10.5px] text-fg-faint leading-[14px]",
            tick === FULL_BP ? "-translate-x-full" : tick !== from && "-translate-x-1/2",
          )}
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

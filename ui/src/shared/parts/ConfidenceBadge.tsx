// Confidence as shape, number and colour, at the lines of C02: circle, diamond, triangle. What becomes of it, the policy
// says, not the badge.
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import { type Band, bandOf, exactConfidence, formatConfidence } from "@/shared/format/confidence";

const LOOKS: Record<Band, string> = {
  high: "bg-ok-soft text-ok [--shape:var(--ok-fill)]",
  middle: "bg-warn-soft text-warn [--shape:var(--warn-fill)]",
  low: "bg-bad-soft text-bad [--shape:var(--bad-fill)]",
};
const SHAPES: Record<Band, string> = {
  high: "rounded-full",
  middle: "[clip-path:polygon(50%_0,100%_50%,50%_100%,0_50%)]",
  low: "[clip-path:polygon(0_8%,100%_8%,50%_100%)]",
};

/** `basisPoints` from 0 to 10,000, as stored; never a float. */
export function ConfidenceBadge({ basisPoints }: { basisPoints: number }) {
  const { t } = useTranslation();
  const band = bandOf(basisPoints);
  const value = formatConfidence(basisPoints);
  const exact = exactConfidence(basisPoints);
  return (
    <span
      role="img"
      data-band={band}
      title={exact}
      aria-label={t("parts.confidence.aria", { value: exact, band: t(`parts.confidence.${band}`) })}
      className={clsx(
        "inline-flex h-[18px] flex-none items-center gap-[5px] rounded-4 pr-1.5 pl-[5px]",
        "font-mono text-11 font-semibold tnum",
        LOOKS[band],
      )}
    >
      <span aria-hidden className={clsx("size-[9px] flex-none bg-(--shape)", SHAPES[band])} />
      {value}
    </span>
  );
}

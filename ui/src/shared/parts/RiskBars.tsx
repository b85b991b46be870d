// Risk as one, two or three bars and a word.
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";

export type RiskTier = "low" | "medium" | "high";

const LOOKS: Record<RiskTier, { text: string; bar: string; lit: number }> = {
  low: { text: "text-fg-muted", bar: "bg-fg-muted", lit: 1 },
  medium: { text: "text-warn", bar: "bg-warn-fill", lit: 2 },
  high: { text: "text-bad", bar: "bg-bad-fill", lit: 3 },
};
const BARS = ["h-[5px]", "h-[7.5px]", "h-2.5"] as const;

export interface RiskBarsProps {
  tier: RiskTier;
  /** Bars alone: always, or only where the window is narrow. */
  wordless?: boolean | "narrow";
}

export function RiskBars({ tier, wordless = false }: RiskBarsProps) {
  const { t } = useTranslation();
  const look = LOOKS[tier];
  const word = t(`parts.risk.${tier}`);
  return (
    <span
      {...(wordless === true ? { role: "img", "aria-label": word } : {})}
      className={clsx(
        "inline-flex flex-none items-center gap-1 whitespace-nowrap text-11 font-medium",
        look.text,
      )}
    >
      <span aria-hidden className="flex items-end gap-[1.5px]">
        {BARS.map((height, index) => (
          <span
            key={height}
            className={clsx(
              "w-[3px] rounded-[1px]",
              height,
              index < look.lit ? look.bar : "bg-track",
            )}
          />
        ))}
      </span>
      {wordless !== true && (
        <span className={clsx(wordless === "narrow" && "max-wide:sr-only")}>{word}</span>
      )}
    </span>
  );
}

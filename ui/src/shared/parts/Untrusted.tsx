// The marks of text that came from outside: hatched everywhere in the same way, and it says so.
import { useTranslation } from "react-i18next";

/** The badge: hatch and the word. */
export function UntrustedBadge({ children }: { children?: string }) {
  const { t } = useTranslation();
  return (
    <span className="relative inline-flex h-[18px] flex-none items-center overflow-hidden whitespace-nowrap rounded-4 bg-taint-soft pr-1.5 pl-[11px] text-11 font-medium text-taint">
      <span aria-hidden className="hatch absolute inset-y-0 left-0 w-1.5" />
      {children ?? t("parts.taint.untrusted")}
    </span>
  );
}

/** The chip, for rows where a word has no room; screen readers still hear it. */
export function TaintChip() {
  const { t } = useTranslation();
  return (
    <span
      role="img"
      aria-label={t("parts.taint.carries")}
      title={t("parts.taint.carries")}
      className="hatch inline-block h-[9px] w-3.5 flex-none rounded-2 inset-ring inset-ring-taint-line"
    />
  );
}

// The catalogue's words for spans.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { formatCount, formatShort } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import type { SpanWords } from "./model";

export function useSpanWords(): SpanWords {
  const { t } = useTranslation();
  return useMemo(() => {
    const locale = formatLocale();
    return {
      plan: t("traces.span.plan"),
      judge: t("traces.span.judge"),
      approval: t("traces.span.approval"),
      cancelled: t("traces.span.cancelled"),
      characters: (count) => t("traces.span.characters", { size: formatCount(count, locale) }),
      steps: (count) => t("traces.span.steps", { count }),
      risk: (level) => t("traces.span.risk", { level }),
      short: (count) => formatShort(count, locale),
    };
  }, [t]);
}

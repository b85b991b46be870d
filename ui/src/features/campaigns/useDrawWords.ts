// The catalogue's words for the graph.
import { Newspaper, PenLine, Send } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { formatUsd } from "@/shared/format/money";
import { skillTitle } from "@/shared/format/skill";
import { formatLocale } from "@/shared/i18n/locale";
import type { Glyph } from "@/shared/parts/Icon";
import type { DrawWords, Stands } from "./drawn";
import type { Phase } from "./plan";

export const PHASE_ICONS: Readonly<Partial<Record<Phase, Glyph>>> = {
  research: Newspaper,
  write: PenLine,
  publish: Send,
};

function short(at: string): string {
  return new Date(at).toLocaleString(formatLocale(), {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

export function useDrawWords(): DrawWords & { state: (state: Stands) => string } {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      phase: (phase) => t(`campaigns.plan.phase.${phase}`),
      flaw: (flaw) =>
        t(`campaigns.plan.warning.${flaw.is}`, { step: flaw.is === "late" ? flaw.step : "" }),
      amount: (amount) => formatUsd(amount, formatLocale()),
      skill: (name) => skillTitle(name, t),
      network: (platform) => t(`post.network.${platform}`),
      state: (state) => t(`campaigns.state.${state}`),
      when: ({ publish_at, deadline }) => {
        if (publish_at) return t("campaigns.plan.published", { time: short(publish_at) });
        return deadline ? t("campaigns.plan.due", { time: short(deadline) }) : null;
      },
    }),
    [t],
  );
}

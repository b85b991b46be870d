// Where a review stands, as a word with a tone.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";

const TONES: Record<Wire<"ReviewState">, BadgeTone> = {
  open: "outline",
  escalated: "info",
  approved: "ok",
  edited: "info",
  rejected: "neutral",
  expired: "warn",
  withdrawn: "neutral",
};

export function StateBadge({ state }: { state: Wire<"ReviewState"> }) {
  const { t } = useTranslation();
  return (
    <Badge tone={TONES[state]} className="min-w-[58px] justify-center">
      {t(`review.state.${state}`)}
    </Badge>
  );
}

// A campaign's status as a word.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";

const TONES: Record<Wire<"CampaignStatus">, BadgeTone> = {
  DRAFT: "outline",
  ACTIVE: "working",
  PAUSED: "warn",
  COMPLETED: "ok",
  FAILED: "bad",
  CANCELLED: "neutral",
};

export function StatusBadge({ status }: { status: Wire<"CampaignStatus"> }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[status]}>{t(`campaigns.status.${status}`)}</Badge>;
}

// What the rehearsal model wrote says so, in whole words wherever its text stands: it is not an AI.
import { useTranslation } from "react-i18next";
import { Badge } from "./Badge";

export function RehearsalBadge() {
  const { t } = useTranslation();
  return <Badge tone="outline">{t("parts.rehearsal")}</Badge>;
}

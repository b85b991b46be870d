// What the rehearsal model wrote says so: it is not an AI.
import { useTranslation } from "react-i18next";
import { Badge } from "./Badge";

export function RehearsalBadge() {
  const { t } = useTranslation();
  return <Badge tone="outline">{t("parts.rehearsal.whole")}</Badge>;
}

/** In a word, for rows; the rest is in its title and in what screen readers hear. */
export function RehearsalChip() {
  const { t } = useTranslation();
  return (
    <span className="inline-flex flex-none" title={t("parts.rehearsal.whole")}>
      <Badge tone="outline">
        {t("parts.rehearsal.word")}
        <span className="sr-only">{t("parts.rehearsal.rest")}</span>
      </Badge>
    </span>
  );
}

// Why a file was not stored, and what to do about it.
import { useTranslation } from "react-i18next";
import type { ApiError } from "@/ipc/errors";
import { sentences } from "@/shared/format/sentences";
import { Callout } from "@/shared/parts/Callout";

export interface SaveRefusalProps {
  error: ApiError;
  what: "save" | "create";
}

export function SaveRefusal({ error, what }: SaveRefusalProps) {
  const { t } = useTranslation();
  const unknown = error.effect === "unknown" ? t("parts.unknownEffect") : null;
  return (
    <div role="alert" className="flex-none p-2.5">
      <Callout tone="bad">
        <b className="font-semibold text-fg-strong">{t(`personas.refused.${what}`)}</b>
        {". "}
        {sentences(error.message, error.hint, unknown)}
      </Callout>
    </div>
  );
}

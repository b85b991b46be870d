// A new password with what is still missing, told while one types.
import { clsx } from "clsx";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Field } from "@/shared/parts/Field";
import { Icon } from "@/shared/parts/Icon";
import { SecretInput } from "@/shared/parts/SecretInput";
import { isGood, type PasswordVerdict } from "./passwordRule";

export interface PasswordFieldProps {
  value: string;
  onChange: (value: string) => void;
  verdict: PasswordVerdict;
  min: number;
  /** What the API said of it. */
  error: string | undefined;
  className?: string;
}

function useWords(verdict: PasswordVerdict, min: number): string {
  const { t } = useTranslation();
  if (verdict.kind === "empty") return t("start.owner.rule", { min });
  if (verdict.kind === "short") return t("start.owner.count", { count: verdict.missing, min });
  return t(`start.owner.${verdict.kind}`);
}

export function PasswordField(props: PasswordFieldProps) {
  const { value, onChange, verdict, min, error, className } = props;
  const { t } = useTranslation();
  const words = useWords(verdict, min);
  const good = isGood(verdict);
  const bad = verdict.kind === "own" || verdict.kind === "repeated";
  return (
    <Field
      label={t("start.password")}
      error={error}
      className={className ?? ""}
      hint={
        <span
          aria-live="polite"
          className={clsx("flex items-center gap-1", good && "text-ok", bad && "text-bad")}
        >
          {good && <Icon of={Check} size="xs" />}
          {words}
        </span>
      }
    >
      <SecretInput
        autoComplete="new-password"
        maxLength={256}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        showLabel={t("start.owner.show")}
        hideLabel={t("start.owner.hide")}
      />
    </Field>
  );
}

// A box for a key: hidden until one looks, and never filled in by a browser.
import { useTranslation } from "react-i18next";
import { SecretInput } from "@/shared/parts/SecretInput";

/** The longest key that every system's keychain takes, in characters. */
const KEY_MAX = 2_560;

export interface KeyInputProps {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  autoFocus?: boolean;
}

export function KeyInput({ value, onChange, placeholder = "", autoFocus = false }: KeyInputProps) {
  const { t } = useTranslation();
  return (
    <SecretInput
      mono
      autoComplete="off"
      autoFocus={autoFocus}
      spellCheck={false}
      maxLength={KEY_MAX}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      showLabel={t("connect.keyShow")}
      hideLabel={t("connect.keyHide")}
    />
  );
}

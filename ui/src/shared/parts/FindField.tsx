// Searches in this room. The key "/" brings the cursor here, Esc clears it and then leaves.
import { Search, X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useKey } from "@/shared/keys/useKey";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";
import { KeyHint } from "./Kbd";
import { TextInput } from "./TextInput";

export interface FindFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

export function FindField({ label, value, onChange, className }: FindFieldProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  useKey("search", () => input.current?.focus());
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (value === "") event.currentTarget.blur();
    else onChange("");
  };
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={press}
      prefix={<Icon of={Search} size="sm" />}
      suffix={
        value === "" ? (
          <KeyHint action="search" />
        ) : (
          <IconButton icon={X} size="sm" label={t("parts.clear")} onClick={() => onChange("")} />
        )
      }
      className={className ?? ""}
    />
  );
}

// A box for a key: hidden until one looks, and never filled in by a browser.
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/shared/parts/IconButton";
import { TextInput } from "@/shared/parts/TextInput";

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
  const [shown, setShown] = useState(false);
  return (
    <TextInput
      mono
      type={shown ? "text" : "password"}
      autoComplete="off"
      autoFocus={autoFocus}
      spellCheck={false}
      maxLength={KEY_MAX}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="pr-0.5!"
      suffix={
        <IconButton
          icon={shown ? EyeOff : Eye}
          size="sm"
          label={t(shown ? "connect.keyHide" : "connect.keyShow")}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}

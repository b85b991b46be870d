// A box whose text is hidden until one looks.
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./IconButton";
import { TextInput, type TextInputProps } from "./TextInput";

export interface SecretInputProps extends Omit<TextInputProps, "type" | "className" | "suffix"> {
  /** What the button says while the text is hidden, and while it is shown. */
  showLabel: string;
  hideLabel: string;
}

export function SecretInput({ showLabel, hideLabel, ...input }: SecretInputProps) {
  const [shown, setShown] = useState(false);
  return (
    <TextInput
      {...input}
      type={shown ? "text" : "password"}
      className="pr-0.5!"
      suffix={
        <IconButton
          icon={shown ? EyeOff : Eye}
          size="sm"
          label={shown ? hideLabel : showLabel}
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}

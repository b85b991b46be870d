// A button that is only an icon: always named, and the name is shown on hover and focus.
import { clsx } from "clsx";
import type { ComponentProps } from "react";
import type { Action } from "@/shared/keys/table";
import { type ButtonSize, type ButtonTone, buttonClass } from "./Button";
import { type Glyph, Icon } from "./Icon";
import { Tooltip } from "./Tooltip";

const SQUARE: Record<ButtonSize, string> = {
  sm: "w-6 px-0!",
  md: "w-control px-0!",
  lg: "w-control-lg px-0!",
};

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: Glyph;
  label: string;
  tone?: ButtonTone;
  size?: ButtonSize;
  action?: Action;
}

export function IconButton({
  icon,
  label,
  tone = "quiet",
  size = "md",
  action,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(action ? { action } : {})}>
      <button
        type="button"
        aria-label={label}
        className={clsx(buttonClass(tone, size), SQUARE[size], className)}
        {...rest}
      >
        <Icon of={icon} size={size === "sm" ? "sm" : "md"} />
      </button>
    </Tooltip>
  );
}

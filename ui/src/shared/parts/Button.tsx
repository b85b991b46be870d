// Buttons. One primary per room; danger only where something is destroyed or stopped.
import { clsx } from "clsx";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import type { Action } from "@/shared/keys/table";
import { type Glyph, Icon } from "./Icon";
import { KeyHint } from "./Kbd";

export type ButtonTone = "plain" | "primary" | "danger" | "danger-outline" | "quiet";
export type ButtonSize = "sm" | "md" | "lg";

const TONES: Record<ButtonTone, string> = {
  plain: "border-line-strong bg-raised font-medium text-fg-strong hover:bg-hover",
  primary: "border-transparent bg-accent font-semibold text-on-accent hover:bg-accent-hover",
  danger: "border-transparent bg-danger font-semibold text-on-danger hover:bg-danger-hover",
  "danger-outline":
    "border-danger-line bg-transparent font-medium text-danger-fg hover:bg-danger-soft",
  quiet:
    "border-transparent bg-transparent font-medium text-fg-muted hover:bg-hover hover:text-fg-strong aria-pressed:bg-hover aria-pressed:text-fg-strong",
};

const SIZES: Record<ButtonSize, string> = {
  sm: "h-6 rounded-5 px-2 text-12",
  md: "h-control rounded-6 px-2.5 text-13",
  lg: "h-control-lg rounded-6 px-3 text-13",
};

/** The look of a button, for links and menu triggers that are drawn as one. */
export function buttonClass(tone: ButtonTone = "plain", size: ButtonSize = "md"): string {
  return clsx(
    "inline-flex flex-none select-none items-center justify-center gap-[7px] whitespace-nowrap border",
    "transition-colors duration-(--dur-hover) ease-out",
    "disabled:border-line-strong disabled:border-dashed disabled:bg-transparent disabled:font-medium disabled:text-fg-disabled",
    TONES[tone],
    SIZES[size],
  );
}

export interface ButtonProps extends ComponentProps<"button"> {
  tone?: ButtonTone;
  size?: ButtonSize;
  icon?: Glyph;
  /** Prints the key that does the same. */
  action?: Action;
  /** Under way: the icon turns and the button takes no second click. */
  busy?: boolean;
  children: ReactNode;
}

export function Button({
  tone = "plain",
  size = "md",
  icon,
  action,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const glyph = busy ? LoaderCircle : icon;
  return (
    <button
      type="button"
      className={clsx(buttonClass(tone, size), className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
      {...rest}
    >
      {glyph && (
        <Icon of={glyph} size={busy ? "sm" : "md"} className={clsx(busy && "animate-spin")} />
      )}
      {children}
      {action && <KeyHint action={action} onButton />}
    </button>
  );
}

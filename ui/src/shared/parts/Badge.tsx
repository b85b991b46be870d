// A word with a state. Colour comes last: the word, and where it helps an icon, say it already.
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { type Glyph, Icon } from "./Icon";

export type BadgeTone =
  | "neutral"
  | "ok"
  | "warn"
  | "bad"
  | "info"
  | "accent"
  | "outline"
  | "planning"
  | "working"
  | "judging";

const TONES: Record<BadgeTone, string> = {
  neutral: "bg-fg-muted/13 text-fg",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
  accent: "bg-accent-soft text-accent-fg",
  outline: "text-fg-muted inset-ring inset-ring-line-strong",
  planning: "bg-planning/14 text-planning",
  working: "bg-working/14 text-working",
  judging: "bg-judging/14 text-judging",
};

export interface BadgeProps {
  tone?: BadgeTone;
  icon?: Glyph;
  className?: string;
  children: ReactNode;
}

export function Badge({ tone = "neutral", icon, className, children }: BadgeProps) {
  return (
    <span
      className={clsx(
        "inline-flex h-[18px] flex-none items-center gap-1 whitespace-nowrap rounded-4 px-1.5 text-11 font-medium",
        TONES[tone],
        className,
      )}
    >
      {icon && <Icon of={icon} size="xs" />}
      {children}
    </span>
  );
}

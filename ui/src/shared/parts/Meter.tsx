// Shares drawn as bars. Every bar is also named, because length alone says too little.
import { clsx } from "clsx";

export type MeterTone = "accent" | "ok" | "warn" | "bad" | "money";

const FILLS: Record<MeterTone, string> = {
  accent: "bg-accent",
  ok: "bg-ok-fill",
  warn: "bg-warn-fill",
  bad: "bg-bad-fill",
  money: "bg-money-chart",
};

export interface MeterProps {
  /** From 0 to 1. */
  share: number;
  label: string;
  tone?: MeterTone;
  /** Where a limit or a warning lies, from 0 to 1. */
  tick?: number;
  className?: string;
}

const percent = (share: number) => `${Math.min(1, Math.max(0, share)) * 100}%`;

export function Meter({ share, label, tone = "accent", tick, className }: MeterProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native meter takes no tick and no colour of ours
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(Math.min(1, Math.max(0, share)) * 100)}
      className={clsx("relative block h-1 rounded-2 bg-track", className)}
    >
      <span
        className={clsx("block h-full rounded-2", FILLS[tone])}
        style={{ width: percent(share) }}
      />
      {tick !== undefined && (
        <span
          className="absolute -inset-y-[3px] w-0.5 bg-warn-fill"
          style={{ left: percent(tick) }}
        />
      )}
    </span>
  );
}

export interface StackPart {
  name: string;
  amount: number;
  fill: string;
}

/** Parts of one whole in one bar: agents by state, cost by kind. `fill` is a background class of a role. */
export function StackBar({
  parts,
  label,
  className,
}: {
  parts: readonly StackPart[];
  label: string;
  className?: string;
}) {
  const whole = parts.reduce((sum, part) => sum + part.amount, 0);
  return (
    <span
      role="img"
      aria-label={label}
      className={clsx("flex h-1.5 gap-px overflow-hidden rounded-2 bg-track", className)}
    >
      {parts.map((part) => (
        <span
          key={part.name}
          className={clsx("block h-full", part.fill)}
          style={{ width: percent(whole === 0 ? 0 : part.amount / whole) }}
        />
      ))}
    </span>
  );
}

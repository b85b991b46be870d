// Chips: a filter that is on or off, or a fact that can be opened and changed.
import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";

const CHIP = clsx(
  "inline-flex h-[22px] flex-none select-none items-center gap-[5px] whitespace-nowrap rounded-5 border border-line-strong px-[7px] text-12 text-fg",
  "hover:bg-hover aria-pressed:border-accent-line aria-pressed:bg-accent-soft aria-pressed:text-fg-strong",
);

export interface FilterChipProps {
  on: boolean;
  onToggle: () => void;
  count?: string;
  children: ReactNode;
}

export function FilterChip({ on, onToggle, count, children }: FilterChipProps) {
  return (
    <button type="button" aria-pressed={on} onClick={onToggle} className={CHIP}>
      {children}
      {count !== undefined && (
        <b className={clsx("font-semibold tnum", !on && "text-fg-muted")}>{count}</b>
      )}
    </button>
  );
}

/** Opens what the chip names; give it to a popover or menu as its trigger. */
export function ChipButton({ className, ...rest }: ComponentProps<"button">) {
  return <button type="button" className={clsx(CHIP, className)} {...rest} />;
}

export function Chip({ children }: { children: ReactNode }) {
  return <span className={clsx(CHIP, "hover:bg-transparent")}>{children}</span>;
}

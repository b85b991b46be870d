// A dot before a word. Its colour repeats what the word says.
import { clsx } from "clsx";

export interface DotProps {
  /** A text colour class of a role, for instance text-ok. */
  tone: string;
  square?: boolean;
  /** A still halo: this thing is being pushed live. */
  live?: boolean;
}

export function Dot({ tone, square = false, live = false }: DotProps) {
  return (
    <span
      aria-hidden
      className={clsx(
        "inline-block size-[7px] flex-none bg-current",
        square ? "rounded-2" : "rounded-full",
        live && "ring-3 ring-ok-soft",
        tone,
      )}
    />
  );
}

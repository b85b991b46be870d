// A figure that is read from afar: its name, the number, and one line that says what to make of it.
import type { ReactNode } from "react";

export interface FigureProps {
  name: string;
  value: ReactNode;
  /** Beside the number: "of 1,204 awake". */
  beside?: ReactNode;
  /** At the right end of the name. */
  aside?: ReactNode;
  children?: ReactNode;
}

export function Figure({ name, value, beside, aside, children }: FigureProps) {
  return (
    <div className="min-w-0 px-3.5 py-3">
      <div className="flex items-center gap-2 text-12">
        <h2 className="flex-none font-semibold text-fg-strong">{name}</h2>
        {aside && <div className="clip ml-auto text-fg-muted">{aside}</div>}
      </div>
      <div className="flex items-baseline gap-2">
        <b className="whitespace-nowrap font-semibold text-22 text-fg-strong tracking-[-.01em] tnum">
          {value}
        </b>
        {beside && <span className="clip text-12 text-fg-muted">{beside}</span>}
      </div>
      {children}
    </div>
  );
}

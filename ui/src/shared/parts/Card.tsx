// Surfaces: a card stands on a pane, a section divides one, a pane header names it.
import { clsx } from "clsx";
import type { ReactNode } from "react";

export interface CardProps {
  title: ReactNode;
  /** Stands at the right end of the header. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Card({ title, aside, className, children }: CardProps) {
  return (
    <section
      className={clsx(
        "flex min-w-0 flex-col overflow-hidden rounded-8 border border-line bg-raised",
        className,
      )}
    >
      <header className="flex h-9 flex-none items-center gap-2 border-line border-b px-3">
        <h2 className="clip font-semibold text-fg-strong">{title}</h2>
        {aside && (
          <div className="ml-auto flex items-center gap-2 text-12 text-fg-muted">{aside}</div>
        )}
      </header>
      {children}
    </section>
  );
}

export function CardBody({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={clsx("p-3", className)}>{children}</div>;
}

/** A part of a pane, under its own small heading. */
export function Section({ title, aside, className, children }: CardProps) {
  return (
    <section className={clsx("border-line border-b px-3.5 py-3 last:border-b-0", className)}>
      <header className="mb-2 flex items-center gap-2 text-12">
        <h2 className="font-semibold text-fg-strong">{title}</h2>
        {aside && <div className="ml-auto text-fg-muted">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

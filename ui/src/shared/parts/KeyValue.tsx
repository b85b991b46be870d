// Names and values beside each other. Long values wrap inside their cell and push nothing off the card.
import { clsx } from "clsx";
import { Fragment, type ReactNode } from "react";

export interface KeyValueProps {
  rows: readonly (readonly [name: string, value: ReactNode])[];
  className?: string;
}

export function KeyValue({ rows, className }: KeyValueProps) {
  return (
    <dl
      className={clsx(
        "grid grid-cols-[minmax(70px,auto)_minmax(0,1fr)] gap-x-3 gap-y-1 text-12 leading-5",
        className,
      )}
    >
      {rows.map(([name, value]) => (
        <Fragment key={name}>
          <dt className="text-fg-muted">{name}</dt>
          <dd className="min-w-0 text-fg-strong [overflow-wrap:anywhere]">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

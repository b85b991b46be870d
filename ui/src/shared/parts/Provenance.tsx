// Where words came from, as a left edge: operator light, persona violet, tool blue, untrusted hatched.
import { clsx } from "clsx";
import { Globe, TriangleAlert, UserRound, VenetianMask } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "./Badge";
import { type Glyph, Icon } from "./Icon";
import { UntrustedBadge } from "./Untrusted";

export type Origin = "operator" | "persona" | "tool" | "untrusted";

const LOOKS: Record<Origin, { icon: Glyph; text: string; edge: string }> = {
  operator: { icon: UserRound, text: "text-from-operator", edge: "w-1 bg-from-operator" },
  persona: { icon: VenetianMask, text: "text-from-persona", edge: "w-1 bg-from-persona" },
  tool: { icon: Globe, text: "text-from-tool", edge: "w-1 bg-from-tool" },
  untrusted: { icon: TriangleAlert, text: "text-taint", edge: "hatch w-1.5" },
};

function Edge({ origin }: { origin: Origin }) {
  return <span aria-hidden className={clsx("absolute inset-y-0 left-0", LOOKS[origin].edge)} />;
}

/** Icon and words in the origin's colour: "persona, SOUL.md v7". */
export function OriginLabel({ origin, children }: { origin: Origin; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <span className={clsx("inline-flex items-center gap-[5px] text-11", LOOKS[origin].text)}>
      <Icon of={LOOKS[origin].icon} size="xs" />
      {children ?? t(`parts.origin.${origin}`)}
    </span>
  );
}

export function OriginBadge({ origin }: { origin: Origin }) {
  const { t } = useTranslation();
  if (origin === "untrusted") return <UntrustedBadge />;
  const tone = { operator: "outline", persona: "planning", tool: "working" } as const;
  return (
    <Badge
      tone={tone[origin]}
      icon={LOOKS[origin].icon}
      className={clsx(origin === "operator" && "text-from-operator!")}
    >
      {t(`parts.origin.${origin}`)}
    </Badge>
  );
}

export interface ProvenanceBlockProps {
  origin: Origin;
  /** What exactly: "persona, SOUL.md v7". Without it the origin's own word. */
  source?: ReactNode;
  aside?: ReactNode;
  mono?: boolean;
  children: ReactNode;
}

/** A piece of text that a model was given, with its edge and its source. */
export function ProvenanceBlock({ origin, source, aside, mono, children }: ProvenanceBlockProps) {
  return (
    <div
      className={clsx(
        "relative overflow-hidden rounded-5 py-[3px] pr-2 pl-[13px]",
        origin === "untrusted" ? "bg-taint-soft" : "bg-surface",
      )}
    >
      <Edge origin={origin} />
      <div className="flex items-center gap-2">
        <OriginLabel origin={origin}>{source}</OriginLabel>
        {aside && <span className="num ml-auto text-11 text-fg-muted">{aside}</span>}
      </div>
      <div className={clsx("leading-[17px] [overflow-wrap:anywhere]", mono ? "num" : "text-12")}>
        {children}
      </div>
    </div>
  );
}

export interface ProvenanceRow {
  name: string;
  value: ReactNode;
  origin: Origin;
  source?: ReactNode;
}

/** Where each argument came from: one row each, cut rather than grown. */
export function ProvenanceTable({ rows }: { rows: readonly ProvenanceRow[] }) {
  return (
    <dl className="overflow-hidden rounded-6 border border-line text-12">
      {rows.map((row) => (
        <div
          key={row.name}
          className={clsx(
            "relative grid h-[27px] grid-cols-[66px_minmax(0,1fr)_auto] items-center gap-2 border-line border-b pr-2 pl-3 last:border-b-0",
            row.origin === "untrusted" && "bg-taint-soft",
          )}
        >
          <Edge origin={row.origin} />
          <dt className="clip text-fg-muted">{row.name}</dt>
          <dd className="clip">{row.value}</dd>
          <dd className="contents">
            <OriginLabel origin={row.origin}>{row.source}</OriginLabel>
          </dd>
        </div>
      ))}
    </dl>
  );
}

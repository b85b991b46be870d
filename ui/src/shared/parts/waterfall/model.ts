// What a waterfall shows: spans in a tree, laid out in rows. Pure; times are milliseconds since the first span began.

export type SpanKind =
  | "workflow"
  | "plan"
  | "agent"
  | "model"
  | "tool"
  | "memory"
  | "judge"
  | "approval"
  | "effect"
  | "check";

/** Spans that only hold others; waiting inside them is not work. */
export function isHolder(kind: SpanKind): boolean {
  return kind === "workflow" || kind === "agent";
}

export interface Span {
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: number;
  /** Null while it is still running, or for a step that has not begun. */
  readonly end: number | null;
  /** Not begun: drawn dashed, at its expected place. */
  readonly planned?: boolean;
  /** A few words beside the bar: "3 hits", "0.78, medium". */
  readonly note?: string;
  readonly tainted?: boolean;
  readonly failed?: boolean;
  /** Tokens in and out, as written: "2.1k / 180". */
  readonly tokens?: string;
}

export interface SpanRow {
  readonly span: Span;
  readonly depth: number;
  readonly children: number;
  readonly folded: boolean;
}

/** Rows from top to bottom: children under their parent in order of time, without those inside folded spans. A span
 * whose parent is unknown (not arrived yet) stands at the root. */
export function layOut(spans: readonly Span[], folded: ReadonlySet<string>): SpanRow[] {
  const known = new Set(spans.map((span) => span.id));
  const under = new Map<string | null, Span[]>();
  for (const span of spans) {
    const parent = span.parent !== null && known.has(span.parent) ? span.parent : null;
    const siblings = under.get(parent);
    if (siblings) siblings.push(span);
    else under.set(parent, [span]);
  }
  const rows: SpanRow[] = [];
  const place = (parent: string | null, depth: number) => {
    const here = (under.get(parent) ?? []).sort((a, b) => a.start - b.start);
    for (const span of here) {
      const isFolded = folded.has(span.id);
      rows.push({ span, depth, children: under.get(span.id)?.length ?? 0, folded: isFolded });
      if (!isFolded) place(span.id, depth + 1);
    }
  };
  place(null, 0);
  return rows;
}

/** Where a span ends for drawing: at now while it is open. */
export function drawnEnd(span: Span, now: number): number {
  return span.end ?? (span.planned ? span.start : Math.max(now, span.start));
}

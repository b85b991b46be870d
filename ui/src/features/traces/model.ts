// What the API says about runs and spans, read for drawing. Pure.
import type { Wire } from "@/ipc/api";
import { basisPoints, formatConfidence } from "@/shared/format/confidence";
import { addDecimals } from "@/shared/format/decimal";
import type { Span } from "@/shared/parts/waterfall/model";

export type WireSpan = Wire<"Span">;
export type Run = Wire<"TraceRow">;

/** Names begin with the operation, as OpenTelemetry wants it; people read the rest. */
const OPERATIONS = /^(invoke_workflow|invoke_agent|execute_tool|chat)\s+/;

export function plainName(name: string): string {
  return name.replace(OPERATIONS, "");
}

/** By name or by number; every word must be found. */
export function runsFound(runs: readonly Run[], query: string): readonly Run[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => {
    const text = `${plainName(run.name)} ${run.trace}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function textOf(span: WireSpan, name: string): string | null {
  const value = attribute(span, name);
  return typeof value === "string" && value !== "" ? value : null;
}

export function numberOf(span: WireSpan, name: string): number | null {
  const value = attribute(span, name);
  return typeof value === "number" ? value : null;
}

export function attribute(span: WireSpan, name: string): unknown {
  return (span.attributes as Readonly<Record<string, unknown>>)[name];
}

/** What a call's server said of how far it is, a line each; the last ones where it said much. */
export function progressOf(span: WireSpan): readonly string[] {
  const kept = attribute(span, "chimera.mcp.progress");
  if (!Array.isArray(kept)) return [];
  return kept.map((report) => {
    const { done, of, message } = report as Readonly<Record<string, unknown>>;
    const far = typeof of === "number" ? `${done} / ${of}` : String(done);
    return typeof message === "string" && message !== "" ? `${far}  ${message}` : far;
  });
}

/** JSON on several lines; text that is JSON already likewise, other text as it is. */
export function written(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value, null, 2) ?? "";
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

/** Words for spans whose own names say too little. */
export interface SpanWords {
  plan: string;
  judge: string;
  approval: string;
  cancelled: string;
  characters: (count: number) => string;
  steps: (count: number) => string;
  /** "low" and its siblings. */
  risk: (level: string) => string;
  short: (count: number) => string;
}

const NAMED = ["plan", "judge", "approval"] as const;

/** What a model was asked to do says more than its name, which is the same on every line. */
export function nameOf(span: WireSpan, words: SpanWords): string {
  const named = NAMED.find((kind) => kind === span.kind);
  if (named) return words[named];
  return (span.kind === "model" && textOf(span, "chimera.ask")) || plainName(span.name);
}

function noteOf(span: WireSpan, words: SpanWords): string | null {
  if (span.status === "cancelled") return words.cancelled;
  switch (span.kind) {
    case "model":
      return textOf(span, "chimera.ask") && plainName(span.name);
    case "judge": {
      const score = numberOf(span, "gen_ai.evaluation.score.value");
      const risk = textOf(span, "gen_ai.evaluation.score.label");
      const shown = score === null ? null : formatConfidence(basisPoints(score));
      return [shown, risk && words.risk(risk)].filter((part) => part !== null).join(", ") || null;
    }
    case "effect":
      return textOf(span, "chimera.effect.state");
    case "approval":
      return span.ended_at === null ? null : textOf(span, "chimera.review.state");
    case "tool": {
      const size = numberOf(span, "chimera.result.chars");
      return size === null ? null : words.characters(size);
    }
    case "plan": {
      const steps = numberOf(span, "chimera.plan.steps");
      return steps === null ? null : words.steps(steps);
    }
    default:
      return null;
  }
}

function tokensOf(span: WireSpan, words: SpanWords): string | null {
  const [input, output] = usage(span);
  if (input === null && output === null) return null;
  return `${words.short(input ?? 0)} / ${words.short(output ?? 0)}`;
}

function usage(span: WireSpan): [number | null, number | null] {
  return [
    numberOf(span, "gen_ai.usage.input_tokens"),
    numberOf(span, "gen_ai.usage.output_tokens"),
  ];
}

/** When the first span began, in milliseconds since the epoch. */
export function beganAt(spans: readonly WireSpan[]): number {
  return Math.min(...spans.map((span) => Date.parse(span.started_at)));
}

/** What was over before its parent began came before it and not within it: the plan, before the run that it led to. */
export function underParents(spans: readonly Span[]): readonly Span[] {
  const starts = new Map(spans.map(({ id, start }) => [id, start]));
  return spans.map((span) => {
    const parent = span.parent === null ? undefined : starts.get(span.parent);
    const before = parent !== undefined && span.end !== null && span.end <= parent;
    return before ? { ...span, parent: null } : span;
  });
}

export function drawnSpan(span: WireSpan, began: number, words: SpanWords): Span {
  const note = noteOf(span, words);
  const tokens = tokensOf(span, words);
  return {
    id: span.span,
    parent: span.parent,
    name: nameOf(span, words),
    kind: span.kind,
    start: Date.parse(span.started_at) - began,
    end: span.ended_at === null ? null : Date.parse(span.ended_at) - began,
    ...(note === null ? {} : { note }),
    ...(tokens === null ? {} : { tokens }),
    ...(span.status === "error" ? { failed: true } : {}),
  };
}

export type RunState = "waitsForPerson" | "stillRunning" | "failed" | "done";

export interface RunSum {
  readonly state: RunState;
  /** Null when no model was asked. */
  readonly cost: string | null;
  readonly input: number;
  readonly output: number;
  readonly calls: number;
  readonly rehearsal: boolean;
  /** Whether the token counts are the console's guess and not the provider's count. */
  readonly estimated: boolean;
  /** The review that the run waits for. */
  readonly review: string | null;
}

export function sumOf(spans: readonly WireSpan[]): RunSum {
  const models = spans.filter((span) => span.kind === "model");
  const waiting = spans.find((span) => span.kind === "approval" && span.ended_at === null);
  const open = spans.some((span) => span.ended_at === null);
  const costs = models.flatMap((span) => textOf(span, "chimera.cost_usd") ?? []);
  return {
    state: waiting
      ? "waitsForPerson"
      : open
        ? "stillRunning"
        : spans.some((span) => span.status === "error")
          ? "failed"
          : "done",
    cost: costs.length > 0 ? costs.reduce(addDecimals, "0.00") : null,
    input: models.reduce((sum, span) => sum + (usage(span)[0] ?? 0), 0),
    output: models.reduce((sum, span) => sum + (usage(span)[1] ?? 0), 0),
    calls: models.length,
    rehearsal: models.some((span) => attribute(span, "chimera.rehearsal") === true),
    estimated: models.some((span) => attribute(span, "chimera.usage.estimated") === true),
    review: waiting ? textOf(waiting, "chimera.review.id") : null,
  };
}

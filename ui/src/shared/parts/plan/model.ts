// What a plan graph shows, and what may be connected. Pure.
import type { BadgeTone } from "@/shared/parts/Badge";

export type StepLook = "plain" | "judge" | "human";
export type StepGate = "approved" | "waits" | "rule";

export interface PlanStep {
  readonly id: string;
  readonly name: string;
  /** One line under the name: the skill, or how many. */
  readonly detail: string;
  readonly look: StepLook;
  /** Who lets it pass; none where the state says it. */
  readonly gate?: StepGate;
  /** Of a step that runs or ran: its state as a word. */
  readonly state?: { readonly word: string; readonly tone: BadgeTone };
  /** As written: "$3.90", "18 min". */
  readonly cost?: string;
  readonly due?: string;
  /** Something to mend before the plan can start. */
  readonly warning?: string;
  /** Its result holds text from outside. */
  readonly tainted?: boolean;
  readonly agent?: { readonly id: string; readonly name: string };
  /** Steps of one phase stand under one title. */
  readonly phase?: string;
}

export interface PlanLink {
  readonly from: string;
  readonly to: string;
  readonly tainted?: boolean;
}

export type LinkRefusal = "circle" | "itself" | "twice";

/** Why `from` may not feed `to`, or null when it may. The server decides again; this only answers at once. */
export function linkRefusal(
  links: readonly PlanLink[],
  from: string,
  to: string,
): LinkRefusal | null {
  if (from === to) return "itself";
  if (links.some((link) => link.from === from && link.to === to)) return "twice";
  const next = new Map<string, string[]>();
  for (const link of links) next.set(link.from, [...(next.get(link.from) ?? []), link.to]);
  const open = [to];
  const seen = new Set<string>();
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (step === from) return "circle";
    if (seen.has(step)) continue;
    seen.add(step);
    open.push(...(next.get(step) ?? []));
  }
  return null;
}

export interface Phase {
  readonly title: string;
  /** Left edge in the graph's own units. */
  readonly x: number;
}

/** Titles over the columns, where the phases stand one after the other; none where they overlap. */
export function phasesOf(
  steps: readonly PlanStep[],
  xOf: (id: string) => number,
): readonly Phase[] {
  const spans = new Map<string, { min: number; max: number }>();
  for (const { id, phase } of steps) {
    if (phase === undefined) continue;
    const x = xOf(id);
    const known = spans.get(phase);
    spans.set(phase, {
      min: Math.min(known?.min ?? x, x),
      max: Math.max(known?.max ?? x, x),
    });
  }
  const ordered = [...spans].sort(([, a], [, b]) => a.min - b.min);
  const apart = ordered.every(([, span], i) => span.min > (ordered[i - 1]?.[1].max ?? -Infinity));
  return apart ? ordered.map(([title, { min }]) => ({ title, x: min })) : [];
}

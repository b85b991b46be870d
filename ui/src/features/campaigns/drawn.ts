// Plans and tasks as the graph draws them. Pure.
import type { Wire } from "@/ipc/api";
import type { BadgeTone } from "@/shared/parts/Badge";
import type { PlanLink, PlanStep } from "@/shared/parts/plan/model";
import {
  type Flaw,
  flawOf,
  needsOf,
  type Phase,
  phaseOf,
  type Step,
  type Steps,
  taintedKeys,
} from "./plan";

/** The catalogue's words, and how times and amounts are written. */
export interface DrawWords {
  phase: (phase: Phase) => string;
  flaw: (flaw: Flaw) => string;
  amount: (amount: string) => string;
  when: (step: Pick<Step, "publish_at" | "deadline">) => string | null;
  network: (platform: Wire<"Platform">) => string;
}

function detailOf(skill: string, platform: Wire<"Platform"> | null | undefined, words: DrawWords) {
  return platform ? `${skill}, ${words.network(platform)}` : skill;
}

/** Steps of a plan that waits to be started: all of them wait for a person. */
export function drawnSteps(steps: Steps, words: DrawWords, now: number): readonly PlanStep[] {
  const tainted = taintedKeys(steps);
  return steps.map((step) => {
    const flaw = flawOf(steps, step, now);
    const due = words.when(step);
    return {
      id: step.key,
      name: step.title || step.key,
      detail: detailOf(step.skill, step.platform, words),
      look: step.kind === "peer_review" ? "judge" : "plain",
      gate: "waits",
      cost: words.amount(step.estimated_cost),
      phase: words.phase(phaseOf(step.kind)),
      tainted: tainted.has(step.key),
      ...(due === null ? {} : { due }),
      ...(flaw ? { warning: words.flaw(flaw) } : {}),
    };
  });
}

export function drawnLinks(steps: Steps): readonly PlanLink[] {
  const tainted = taintedKeys(steps);
  const known = new Set(steps.map(({ key }) => key));
  return steps.flatMap((step) =>
    needsOf(step)
      .filter((from) => known.has(from))
      .map((from) => ({ from, to: step.key, tainted: tainted.has(from) })),
  );
}

export const TASK_TONES: Record<Wire<"TaskState">, BadgeTone> = {
  blocked: "neutral",
  ready: "info",
  working: "working",
  judging: "judging",
  reviewing: "warn",
  releasing: "accent",
  completed: "ok",
  failed: "bad",
  cancelled: "neutral",
  timed_out: "bad",
};

export function drawnTasks(
  tasks: readonly Wire<"Task">[],
  words: DrawWords & { state: (state: Wire<"TaskState">) => string },
): readonly PlanStep[] {
  return tasks.map((task) => {
    const due = words.when(task);
    return {
      id: task.id,
      name: task.title,
      detail: detailOf(task.skill, task.platform, words),
      look: task.state === "reviewing" ? "human" : "plain",
      state: { word: words.state(task.state), tone: TASK_TONES[task.state] },
      phase: words.phase(phaseOf(task.kind)),
      ...(due === null ? {} : { due }),
      ...(task.fault ? { warning: task.fault.message } : {}),
    };
  });
}

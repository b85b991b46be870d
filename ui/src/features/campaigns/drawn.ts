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
  skill: (name: string) => string;
  network: (platform: Wire<"Platform">) => string;
}

function detailOf(skill: string, platform: Wire<"Platform"> | null | undefined, words: DrawWords) {
  const title = words.skill(skill);
  return platform ? `${title}, ${words.network(platform)}` : title;
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

const TASK_TONES: Record<Wire<"TaskState">, BadgeTone> = {
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

/** How a step stands, as people would say it. */
export type Stands = Wire<"TaskState"> | "rejected";

/** A person's decision ended it: no fault of anything, and the step is written again. */
export function standsOf(task: Pick<Wire<"Task">, "state" | "fault">): Stands {
  return task.state === "failed" && task.fault?.code === "REJECTED_BY_REVIEW"
    ? "rejected"
    : task.state;
}

export function toneOf(stands: Stands): BadgeTone {
  return stands === "rejected" ? "neutral" : TASK_TONES[stands];
}

/** Whether its fault is one: what a person decided, and what was called off after it, is none. */
export function hasFailed(task: Pick<Wire<"Task">, "state" | "fault">): boolean {
  const stands = standsOf(task);
  return task.fault !== null && stands !== "rejected" && stands !== "cancelled";
}

/** The step that asks for a look: what failed, what waits for a person, what is under way, else the first. */
export function toLookAt<T extends Pick<Wire<"Task">, "state" | "fault">>(
  tasks: readonly T[],
): T | undefined {
  return (
    tasks.find(hasFailed) ??
    tasks.find(({ state }) => state === "reviewing") ??
    tasks.find(({ state }) => state === "working" || state === "judging") ??
    tasks[0]
  );
}

export function drawnTasks(
  tasks: readonly Wire<"Task">[],
  tainted: ReadonlySet<string>,
  words: DrawWords & { state: (state: Stands) => string },
): readonly PlanStep[] {
  return tasks.map((task) => {
    const due = words.when(task);
    const stands = standsOf(task);
    return {
      id: task.id,
      name: task.title,
      detail: detailOf(task.skill, task.platform, words),
      look: task.state === "reviewing" ? "human" : "plain",
      state: { word: words.state(stands), tone: toneOf(stands) },
      tainted: tainted.has(task.id),
      phase: words.phase(phaseOf(task.kind)),
      ...(due === null ? {} : { due }),
      ...(task.fault && hasFailed(task) ? { warning: task.fault.message } : {}),
    };
  });
}

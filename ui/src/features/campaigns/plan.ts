// What can be done to a plan, and what is wrong with one. Pure; the server checks all of it again.
import type { Wire } from "@/ipc/api";
import { addDecimals, parseDecimal } from "@/shared/format/decimal";

export type Step = Wire<"PlanStep">;
export type Steps = readonly Step[];

export function needsOf(step: Step): readonly string[] {
  return step.needs ?? [];
}

/** The way from `from` to `to` along what feeds what, or null. */
function way(steps: Steps, from: string, to: string): readonly string[] | null {
  const seen = new Set<string>();
  const open: string[][] = [[from]];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const last = path.at(-1) ?? from;
    if (last === to) return path;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const step of steps) if (needsOf(step).includes(last)) open.push([...path, step.key]);
  }
  return null;
}

/** Keys of the circle that `from` feeding `to` would close, beginning and ending with `from`; null when it is none. */
export function circleOf(steps: Steps, from: string, to: string): readonly string[] | null {
  const back = way(steps, to, from);
  return back ? [from, ...back] : null;
}

export function titleOf(steps: Steps, key: string): string {
  return steps.find((step) => step.key === key)?.title || key;
}

/** "Research → Write → Research". */
export function circleWords(steps: Steps, keys: readonly string[]): string {
  return keys.map((key) => titleOf(steps, key)).join(" → ");
}

export function changed(steps: Steps, key: string, change: Partial<Step>): Steps {
  return steps.map((step) => (step.key === key ? { ...step, ...change } : step));
}

/** `from` feeds `to` from here on. Unchanged where that would be a circle or is so already. */
export function linked(steps: Steps, from: string, to: string): Steps {
  const target = steps.find((step) => step.key === to);
  if (!target || needsOf(target).includes(from) || circleOf(steps, from, to)) return steps;
  return changed(steps, to, { needs: [...needsOf(target), from] });
}

export function unlinked(steps: Steps, from: string, to: string): Steps {
  const target = steps.find((step) => step.key === to);
  return target
    ? changed(steps, to, { needs: needsOf(target).filter((key) => key !== from) })
    : steps;
}

/** Without the step; what took from it takes from nothing in its place. */
export function without(steps: Steps, key: string): Steps {
  return steps
    .filter((step) => step.key !== key)
    .map((step) =>
      needsOf(step).includes(key)
        ? { ...step, needs: needsOf(step).filter((need) => need !== key) }
        : step,
    );
}

/** A key that no step has: step-1, step-2 … */
export function freeKey(steps: Steps): string {
  let number = 1;
  while (steps.some(({ key }) => key === `step-${number}`)) number += 1;
  return `step-${number}`;
}

export function newStep(
  steps: Steps,
  title: string,
  skill: Pick<Wire<"Skill">, "name" | "kind">,
  after: Step | null,
): Step {
  return {
    key: freeKey(steps),
    title,
    kind: skill.kind,
    skill: skill.name,
    instructions: "",
    input: {},
    platform: after?.platform ?? null,
    priority: 50,
    // Nobody typed one: only the campaign's day binds until somebody does.
    max_cost: null,
    estimated_cost: "0.00",
    deadline: null,
    publish_at: null,
    needs: after ? [after.key] : [],
  };
}

export function isAmount(text: string): boolean {
  try {
    const { units, scale } = parseDecimal(text.trim());
    return units >= 0n && scale <= 9;
  } catch {
    return false;
  }
}

export interface Sums {
  readonly likely: string;
  /** Null when a step has no cap of its own: then only the campaign's day binds. */
  readonly most: string | null;
  /** The caps that there are, together: they divide the campaign's day. */
  readonly capped: string;
  readonly posts: number;
}

export function sumsOf(steps: Steps): Sums {
  const sum = (amounts: readonly string[]) => amounts.filter(isAmount).reduce(addDecimals, "0.00");
  const capped = sum(steps.map(({ max_cost }) => max_cost ?? ""));
  return {
    likely: sum(steps.map((step) => step.estimated_cost)),
    most: steps.some(({ max_cost }) => max_cost == null) ? null : capped,
    capped,
    posts: steps.filter(({ kind }) => kind === "publish_post").length,
  };
}

/** Steps whose result holds text from outside: those that read feeds, and all that build on them. */
export function taintedKeys(steps: Steps): ReadonlySet<string> {
  return reachedFrom(
    steps.filter(({ kind }) => kind === "analyze_trends").map(({ key }) => key),
    steps.flatMap((step) => needsOf(step).map((from) => [from, step.key] as const)),
  );
}

/** The same of a campaign's steps as they run. */
export function taintedTasks(graph: Wire<"Graph">): ReadonlySet<string> {
  return reachedFrom(
    graph.nodes.filter(({ kind }) => kind === "analyze_trends").map(({ id }) => id),
    graph.edges.map(({ needs, task }) => [needs, task] as const),
  );
}

function reachedFrom(
  first: readonly string[],
  links: readonly (readonly [from: string, to: string])[],
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...first];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    for (const [from, to] of links) if (from === key) open.push(to);
  }
  return reached;
}

/** Work that acts on the world outside. */
const OUTWARD: ReadonlySet<Step["kind"]> = new Set([
  "publish_post",
  "reply_comment",
  "execute_transaction",
]);

/** Nobody takes its result, in a plan that acts on the outside; research for its own sake may end where it likes. */
function leadsNowhere(steps: Steps, step: Step): boolean {
  return (
    steps.some(({ kind }) => OUTWARD.has(kind)) &&
    !steps.some((other) => needsOf(other).includes(step.key))
  );
}

export type Flaw =
  | { readonly is: "title" | "platform" | "past" | "cost" | "nowhere" | "nothing" }
  | { readonly is: "late"; readonly step: string };

/** What has to be mended in a step before the plan can start; the first thing only. */
export function flawOf(steps: Steps, step: Step, now: number): Flaw | null {
  if (step.title.trim() === "") return { is: "title" };
  if (step.max_cost != null && !isAmount(step.max_cost)) return { is: "cost" };
  if (step.kind === "publish_post" && !step.platform) return { is: "platform" };
  if (OUTWARD.has(step.kind)) {
    if (needsOf(step).length === 0) return { is: "nothing" };
  } else if (leadsNowhere(steps, step)) return { is: "nowhere" };
  const { deadline, publish_at } = step;
  if ([deadline, publish_at].some((at) => at && Date.parse(at) <= now)) return { is: "past" };
  if (!deadline) return null;
  const hurt = steps.find(
    ({ needs, publish_at: at }) =>
      needs?.includes(step.key) && at && Date.parse(at) < Date.parse(deadline),
  );
  return hurt ? { is: "late", step: hurt.title } : null;
}

export type Phase = "research" | "write" | "publish" | "other";

export function phaseOf(kind: Step["kind"]): Phase {
  if (kind === "analyze_trends") return "research";
  if (kind === "publish_post") return "publish";
  return kind.startsWith("generate") || kind.startsWith("render") ? "write" : "other";
}

/** A moment as a local-time field wants it, to the minute; empty for none. */
export function toField(at: string | null | undefined): string {
  if (!at) return "";
  const date = new Date(at);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

export function fromField(text: string): string | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

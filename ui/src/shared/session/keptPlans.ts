// Changes of plans that are not saved, by campaign: going to another room loses nothing, and a page that is loaded anew
// finds them in its tab. They are their writer's: nobody else who signs in there sees them, and signing out drops them.
import type { Wire } from "@/ipc/api";

const KEY = "chimera.plans";
/** Changes of so many plans are kept; the oldest go first. */
const KEPT_MAX = 20;

type Plan = Wire<"Plan">;

export interface KeptPlan {
  /** Who changed it. */
  readonly user: string;
  readonly campaign: string;
  /** The stored plan that the steps began from. */
  readonly base: Plan;
  readonly steps: readonly Plan["steps"][number][];
}

function isKept(value: unknown): value is KeptPlan {
  if (typeof value !== "object" || value === null) return false;
  const { user, campaign, base, steps }: Partial<Record<keyof KeptPlan, unknown>> = value;
  const hasSteps = typeof base === "object" && base !== null && "steps" in base;
  return (
    typeof user === "string" && typeof campaign === "string" && hasSteps && Array.isArray(steps)
  );
}

function read(): readonly KeptPlan[] {
  try {
    const found: unknown = JSON.parse(window.sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isKept) : [];
  } catch {
    // Nothing can be kept here, or what is kept is not ours.
    return [];
  }
}

function store(all: readonly KeptPlan[]): void {
  try {
    if (all.length === 0) window.sessionStorage.removeItem(KEY);
    else window.sessionStorage.setItem(KEY, JSON.stringify(all.slice(-KEPT_MAX)));
  } catch {
    // Then the page alone keeps them, for as long as it is there.
  }
}

let kept: readonly KeptPlan[] = read();

const without = (campaign: string) => kept.filter((one) => one.campaign !== campaign);

export function keepPlan(plan: KeptPlan): void {
  kept = [...without(plan.campaign), plan].slice(-KEPT_MAX);
  store(kept);
}

/** What this person changed of it and did not save. */
export function keptPlan(campaign: string, user: string): KeptPlan | null {
  return kept.find((one) => one.campaign === campaign && one.user === user) ?? null;
}

/** Gives up what was changed and not saved. */
export function forgetPlan(campaign: string): void {
  kept = without(campaign);
  store(kept);
}

export function forgetPlans(): void {
  kept = [];
  store(kept);
}

/** What a page finds that was loaded anew; for tests, which load none. */
export function findPlans(): void {
  kept = read();
}

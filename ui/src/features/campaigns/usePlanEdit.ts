// A plan while it is worked on: the steps as they are here, what was before, and saving against the server's version.
import { useState } from "react";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { type ApiError, asApiError } from "@/ipc/errors";
import { findPlans, forgetPlan, keepPlan, keptPlan } from "@/shared/session/keptPlans";
import { useMe } from "@/shared/session/useMe";
import type { Steps } from "./plan";

/** So many changes can be taken back. */
const UNDO_MAX = 100;

interface Draft {
  /** The stored plan that the steps began from. */
  readonly base: Wire<"Plan">;
  readonly steps: Steps;
  readonly past: readonly Steps[];
  /** What was changed last: typing on in one field is one change. */
  readonly field: string | null;
}

function fresh(base: Wire<"Plan">): Draft {
  return { base, steps: base.steps, past: [], field: null };
}

/** Changes of so many plans are kept while one is elsewhere, with what can be taken back of each. */
const KEPT_MAX = 20;
const kept = new Map<string, Draft>();

/** What was changed before and not saved; a page that was loaded anew finds the changes, and takes all back at once. */
function found(campaign: string, user: string): Draft | null {
  const one = keptPlan(campaign, user);
  if (!one) return null;
  const here = kept.get(campaign);
  return here ?? { base: one.base, steps: one.steps, past: [one.base.steps], field: null };
}

function keep(campaign: string, user: string, draft: Draft) {
  kept.delete(campaign);
  if (draft.steps === draft.base.steps) return forgetPlan(campaign);
  const [oldest] = kept.keys();
  if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  kept.set(campaign, draft);
  keepPlan({ user, campaign, base: draft.base, steps: draft.steps });
}

/** Gives up what was changed and not saved: another plan takes its place. */
export function forgetPlanChanges(campaign: string): void {
  kept.delete(campaign);
  forgetPlan(campaign);
}

/** As a page that is loaded anew; for tests, which load none. */
export function loadAnew(): void {
  kept.clear();
  findPlans();
}

export interface PlanEdit {
  steps: Steps;
  dirty: boolean;
  /** Somebody else stored another version while this one was changed. */
  conflict: boolean;
  saving: boolean;
  failed: ApiError | null;
  canUndo: boolean;
  /** `field` gathers quick changes of one thing into one that can be taken back. */
  change: (steps: Steps, field?: string) => void;
  undo: () => boolean;
  /** Stores the steps; false when that failed. */
  save: () => Promise<boolean>;
  takeTheirs: () => void;
  putMine: () => Promise<boolean>;
}

export function usePlanEdit(campaign: string, stored: Wire<"Plan">, editable: boolean): PlanEdit {
  const user = useMe().user.id;
  const [draft, putDraft] = useState(() => (editable && found(campaign, user)) || fresh(stored));
  const setDraft = (next: Draft) => {
    putDraft(next);
    keep(campaign, user, next);
  };
  const [failed, setFailed] = useState<ApiError | null>(null);
  const put = hooks.useMutation("put", "/api/v1/campaigns/{campaign}/plan");
  const dirty = draft.steps !== draft.base.steps;
  const moved = stored.version !== draft.base.version && stored.revision >= draft.base.revision;
  // Nothing of one's own is lost by taking over what others stored.
  if (moved && !dirty) setDraft(fresh(stored));
  const conflict = (moved && dirty) || failed?.code === "VERSION_MISMATCH";

  const change = (steps: Steps, field?: string) => {
    if (steps === draft.steps) return;
    const goesOn = field !== undefined && field === draft.field;
    const past = goesOn ? draft.past : [...draft.past, draft.steps].slice(-UNDO_MAX);
    setFailed(null);
    setDraft({ ...draft, steps, past, field: field ?? null });
  };
  const undo = () => {
    const last = draft.past.at(-1);
    if (!last) return false;
    setDraft({ ...draft, steps: last, past: draft.past.slice(0, -1), field: null });
    setFailed(null);
    return true;
  };
  const store = async (version: string) => {
    try {
      const saved = await put.mutateAsync({
        params: { path: { campaign }, header: ifMatch(version) as never },
        body: { steps: [...draft.steps] },
      });
      setFailed(null);
      setDraft(fresh(saved));
      return true;
    } catch (thrown) {
      setFailed(asApiError(thrown));
      return false;
    }
  };
  return {
    steps: draft.steps,
    dirty,
    conflict,
    saving: put.isPending,
    failed,
    canUndo: draft.past.length > 0,
    change,
    undo,
    save: async () => (dirty ? store(draft.base.version) : true),
    takeTheirs: () => {
      setFailed(null);
      setDraft(fresh(stored));
    },
    putMine: () => store(stored.version),
  };
}

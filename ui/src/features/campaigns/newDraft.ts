// A campaign before it is stored, and what is still missing. Pure.
import type { Wire } from "@/ipc/api";
import { compareDecimals } from "@/shared/format/decimal";
import { isAmount } from "./plan";

/** Bounds of the API, in characters, posts and feeds. */
export const GOAL_MIN = 10;
export const GOAL_MAX = 1_000;
export const POSTS_MAX = 100;
export const FEEDS_MAX = 50;

export interface NewDraft {
  readonly agent: string;
  readonly goal: string;
  readonly feeds: readonly string[];
  readonly platforms: readonly Wire<"Platform">[];
  /** As typed. */
  readonly posts: string;
  readonly budget: string;
}

/** Modest limits to begin with. */
export const FIRST: NewDraft = {
  agent: "",
  goal: "",
  feeds: [],
  platforms: ["sandbox"],
  posts: "3",
  budget: "2.00",
};

export type NewFlaw = "agent" | "goal" | "feeds" | "platforms" | "posts" | "budget";

export function flawsOf(draft: NewDraft): readonly NewFlaw[] {
  const words = draft.goal.trim().length;
  const posts = /^\d{1,3}$/.test(draft.posts.trim()) ? Number(draft.posts) : 0;
  const flaws: Record<NewFlaw, boolean> = {
    agent: draft.agent === "",
    goal: words < GOAL_MIN || words > GOAL_MAX,
    feeds: draft.feeds.length === 0 || draft.feeds.length > FEEDS_MAX,
    platforms: draft.platforms.length === 0,
    posts: posts < 1 || posts > POSTS_MAX,
    budget: !isAmount(draft.budget) || compareDecimals(draft.budget.trim(), "0") <= 0,
  };
  return (Object.keys(flaws) as NewFlaw[]).filter((flaw) => flaws[flaw]);
}

export function bodyOf(draft: NewDraft): Wire<"NewCampaign"> {
  return {
    agent: draft.agent,
    goal: draft.goal.trim(),
    feeds: [...draft.feeds],
    platforms: [...draft.platforms],
    max_posts_per_day: Number(draft.posts),
    daily_budget: draft.budget.trim(),
  };
}

/** What another campaign was made of, to begin a new one with. */
export function likeCampaign(campaign: Wire<"Campaign">): NewDraft {
  return {
    agent: campaign.agent.id,
    goal: campaign.goal,
    feeds: campaign.feeds,
    platforms: campaign.platforms,
    posts: String(campaign.max_posts_per_day),
    budget: campaign.daily_budget,
  };
}

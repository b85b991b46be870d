// The limits of a campaign while they are changed: what is typed, what is wrong with it, and what would be sent. Pure;
// the server checks all of it again.
import type { Wire } from "@/ipc/api";
import { compareDecimals } from "@/shared/format/decimal";
import { type NewDraft, type NewFlaw, POSTS_MAX } from "./newDraft";
import { isAmount } from "./plan";

type Campaign = Pick<Wire<"Campaign">, "daily_budget" | "max_posts_per_day">;

/** As typed. */
export type Limits = Pick<NewDraft, "posts" | "budget">;

export function limitsOf(campaign: Campaign): Limits {
  return { posts: String(campaign.max_posts_per_day), budget: campaign.daily_budget };
}

export function limitFlaws({ posts, budget }: Limits): readonly NewFlaw[] {
  const count = /^\d{1,3}$/.test(posts.trim()) ? Number(posts) : 0;
  const flaws: NewFlaw[] = [];
  if (count < 1 || count > POSTS_MAX) flaws.push("posts");
  if (!isAmount(budget) || compareDecimals(budget.trim(), "0") <= 0) flaws.push("budget");
  return flaws;
}

/**
 * What the person changed, and nothing else: a limit that somebody else set meanwhile stays. Null when nothing is
 * changed. Only for limits without flaws.
 */
export function changeOf(from: Campaign, to: Limits): Wire<"CampaignChange"> | null {
  const [posts, budget] = [Number(to.posts), to.budget.trim()];
  const change = {
    ...(posts === from.max_posts_per_day ? {} : { max_posts_per_day: posts }),
    ...(compareDecimals(budget, from.daily_budget) === 0 ? {} : { daily_budget: budget }),
  };
  return Object.keys(change).length > 0 ? change : null;
}

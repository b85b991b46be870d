// When the posts of a plan can leave, day by day, and how many drafts people may have to look at. Pure.
import { DAY_MS } from "@/shared/format/time";
import type { Steps } from "./plan";

/** So many days are drawn. */
export const DAYS_MAX = 14;

export interface Day {
  /** Its midnight here, in milliseconds since the epoch. */
  readonly at: number;
  readonly posts: number;
}

function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/**
 * Posts by day from today on. What has no time leaves as soon as it can, and never more than `most` a day: the rest
 * waits for the next one, as it will when it runs.
 */
export function cadenceOf(steps: Steps, most: number, now: number): readonly Day[] {
  const posts = steps.filter(({ kind }) => kind === "publish_post");
  const today = midnight(now);
  const counts = Array.from({ length: DAYS_MAX }, () => 0);
  const dayOf = (at: string) => Math.round((midnight(Date.parse(at)) - today) / DAY_MS);
  const from = posts.map(({ publish_at }) => (publish_at ? Math.max(0, dayOf(publish_at)) : 0));
  for (const first of from.sort((a, b) => a - b)) {
    const free = counts.findIndex((count, day) => day >= first && count < Math.max(1, most));
    if (free >= 0) counts[free] = (counts[free] ?? 0) + 1;
  }
  const last = counts.findLastIndex((count) => count > 0);
  return counts.slice(0, last + 1).map((count, day) => {
    const at = new Date(today);
    return { at: at.setDate(at.getDate() + day), posts: count };
  });
}

// What a person types into the dialog about how long data are kept: days, or nothing for ever.
import type { Wire } from "@/ipc/api";

type Rule = Wire<"RetentionRule">;

/** Days as they are typed, by kind; empty is for ever. */
export type RetentionDraft = Record<Rule["holding"], string>;

export function textsOf(kept: Wire<"Retention">): RetentionDraft {
  const pairs = kept.items.map((rule) => [rule.holding, rule.days === null ? "" : `${rule.days}`]);
  return Object.fromEntries(pairs) as RetentionDraft;
}

/** Whether what was typed is within the bounds that the backend names. */
export function isWithin(rule: Rule, mostDays: number, text: string): boolean {
  const typed = text.trim();
  if (typed === "") return rule.may_be_forever;
  if (!/^\d{1,6}$/.test(typed)) return false;
  const days = Number(typed);
  return days >= rule.least_days && days <= mostDays;
}

/** What was chosen before stays chosen; what says the same as the default and was none stays a default. */
export function newRetention(kept: Wire<"Retention">, texts: RetentionDraft): Wire<"NewRetention"> {
  const items = kept.items.flatMap((rule) => {
    const typed = texts[rule.holding].trim();
    const days = typed === "" ? null : Number(typed);
    return rule.chosen || days !== rule.days ? [{ holding: rule.holding, days }] : [];
  });
  return { items };
}

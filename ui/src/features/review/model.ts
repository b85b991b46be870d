// What the room knows about its items without asking anybody. Pure.
import type { Wire } from "@/ipc/api";
import { basisPoints } from "@/shared/format/confidence";
import type { MarkSpan } from "@/shared/format/marks";

export type Filter = "all" | "sensitive" | "low" | "decided";

type Review = Wire<"Review">;
type Finding = Wire<"Finding">;

const DUE_MS = 5 * 60_000;

/** Whether it still waits for a decision. */
export function waits({ state }: Pick<Review, "state">): boolean {
  return state === "open" || state === "escalated";
}

/** A claim of somebody else that has not run out. */
export function foreignClaim(review: Pick<Review, "claim">, now: number): Wire<"Claim"> | null {
  const { claim } = review;
  return claim && !claim.mine && Date.parse(claim.until) > now ? claim : null;
}

/** The own claim, while it lasts. */
export function ownClaim(review: Pick<Review, "claim">, now: number): Wire<"Claim"> | null {
  const { claim } = review;
  return claim?.mine && Date.parse(claim.until) > now ? claim : null;
}

/** Which item comes after this one is decided: the next that nobody else looks at, else the nearest before. */
export function nextAfter(rows: readonly Review[], id: string, now: number): string | null {
  const at = rows.findIndex((row) => row.id === id);
  const free = (row: Review) => row.id !== id && waits(row) && !foreignClaim(row, now);
  const below = rows.slice(at + 1).find(free);
  const above = at < 0 ? undefined : rows.slice(0, at).reverse().find(free);
  return (below ?? above)?.id ?? null;
}

/** What readers get: the draft, or the edit that a person let go in its place. */
export function goesOut(card: Pick<Wire<"ReviewCard">, "history" | "review">): string {
  const { review, history } = card;
  if (review.state !== "edited") return review.preview.text;
  return history.findLast(({ edited_from }) => edited_from)?.text ?? review.preview.text;
}

/** The row `step` below or above; from an item that left the list, the one that took its place. */
export function moved(
  rows: readonly Review[],
  id: string | null,
  place: number,
  step: 1 | -1,
): string | null {
  const at = rows.findIndex((row) => row.id === id);
  const from = at >= 0 ? at + step : step > 0 ? place : place - 1;
  const to = Math.min(rows.length - 1, Math.max(0, from));
  return rows[to]?.id ?? null;
}

/** Items that expire within five minutes and have not yet. */
export function dueSoon(rows: readonly Review[], now: number): number {
  return rows.filter((row) => {
    const left = Date.parse(row.expires_at) - now;
    return waits(row) && left > 0 && left <= DUE_MS;
  }).length;
}

export function stops({ weight }: Pick<Finding, "weight">): boolean {
  return weight === "fails" || weight === "attack";
}

/** What rules found, as marks in the text. */
export function marksOf(findings: readonly Finding[]): MarkSpan[] {
  return findings.flatMap((finding) =>
    finding.span
      ? [
          {
            from: finding.span.start,
            to: finding.span.end,
            weight: stops(finding) ? ("stop" as const) : ("look" as const),
            why: finding.message,
          },
        ]
      : [],
  );
}

/** Decided since midnight, the newest first, each once. */
export function decidedSince(rows: readonly Review[], midnight: number): Review[] {
  const at = ({ decided_at }: Review) => (decided_at ? Date.parse(decided_at) : 0);
  const found = new Map(rows.filter((row) => at(row) >= midnight).map((row) => [row.id, row]));
  return [...found.values()].sort((a, b) => at(b) - at(a));
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** How the prepared post says that a machine made it, by its own disclosure. */
export function disclosureOf(payload: unknown): "generated" | "assisted" | null {
  const level = field(field(payload, "disclosure"), "disclosure_level");
  if (level === "assisted") return "assisted";
  return level === "automated" ? "generated" : null;
}

/** The words of a criterion's key: "on_goal" is "on goal". */
export function inWords(key: string): string {
  return key.replaceAll("_", " ");
}

export interface MovedCriterion {
  readonly name: string;
  /** Both in basis points. */
  readonly before: number;
  readonly after: number;
  readonly note: string;
}

/** Lines of the checklist whose score another judgement changed, what fell first. */
export function movedCriteria(
  before: readonly Wire<"Criterion">[],
  after: readonly Wire<"Criterion">[],
): MovedCriterion[] {
  const old = new Map(before.map(({ name, score }) => [name, basisPoints(score)]));
  return after
    .flatMap(({ name, score, note }) => {
      const was = old.get(name);
      const is = basisPoints(score);
      return was === undefined || was === is ? [] : [{ name, before: was, after: is, note }];
    })
    .sort((a, b) => a.after - a.before - (b.after - b.before));
}

/** Host of an address, or what stands there when it is none. */
export function hostOf(address: string): string {
  try {
    return new URL(address).host || address;
  } catch {
    return address;
  }
}

/** The rule's family: "policy.health" is "policy", "health". */
export function ruleWords(rule: string): string {
  return inWords(rule).split(".").join(" · ");
}

// A policy while it is changed: what is typed, what is wrong with it, and what would be stored. Pure; the server checks
// all of it again.
import type { Wire } from "@/ipc/api";
import { basisPoints, exactConfidence, FULL_BP } from "@/shared/format/confidence";

export type Document = Wire<"PolicyDocument">;
export type Category = Wire<"SensitiveCategory">;

/** Every topic has its words; only the owner's own may have none. */
export const CATEGORIES: readonly Category[] = [
  "politics",
  "health",
  "finance",
  "legal",
  "minors",
  "security",
  "custom",
];
/** Bounds of the API. */
export const TERMS_MAX = 2_000;
export const TERM_CHARS_MAX = 100;
/** How many of what is stored make one of what is typed. */
const STORED_IN = { seconds: 1, minutes: 60, times: 1, tokens: 1 } as const;

export type Unit = keyof typeof STORED_IN;

/** Lives are written in minutes, what is shorter in seconds. */
const UNIT_OF = {
  hold: "seconds",
  claim: "seconds",
  reviewTtl: "minutes",
  approvalTtl: "minutes",
  rejections: "times",
  retries: "times",
  tokens: "tokens",
} as const satisfies Record<string, Unit>;

/** The least of each figure, as it is stored. */
const LEAST: Readonly<Record<Figure, number>> = {
  hold: 0,
  claim: 1,
  reviewTtl: 1,
  approvalTtl: 1,
  rejections: 1,
  retries: 0,
  tokens: 20_000,
};

/** The most of each figure, as it is stored. */
const MOST: Readonly<Record<Figure, number>> = {
  hold: 86_400,
  claim: 86_400,
  reviewTtl: 7_776_000,
  approvalTtl: 7_776_000,
  rejections: 10,
  retries: 100,
  tokens: 100_000_000,
};

/** The most of a figure in the unit that it is typed in. */
export function mostOf(name: Figure, unit: Unit): number {
  return MOST[name] / STORED_IN[unit];
}

/** The least of a figure, as it is typed: no life is shorter than a second, whatever it is typed in. */
export function leastOf(name: Figure): number {
  return LEAST[name];
}

export type Score = "auto" | "review" | "must";
export type Figure = keyof typeof UNIT_OF;

export interface PolicyDraft {
  readonly scores: Readonly<Record<Score, string>>;
  readonly lowBand: Wire<"LowBandAction">;
  readonly figures: Readonly<Record<Figure, string>>;
  /** What each figure is typed in. */
  readonly units: Readonly<Record<Figure, Unit>>;
  /** One term a line. */
  readonly terms: Readonly<Record<Category, string>>;
}

const FIGURES: readonly (readonly [Figure, keyof Document])[] = [
  ["hold", "hold_seconds"],
  ["claim", "claim_seconds"],
  ["reviewTtl", "review_ttl_seconds"],
  ["approvalTtl", "approval_ttl_seconds"],
  ["rejections", "max_rejections"],
  ["retries", "max_retries"],
  ["tokens", "max_step_tokens"],
];

/** A life that is no whole number of minutes is typed in seconds: no rounding, and nothing to mend that nobody touched. */
function unitOf(name: Figure, stored: number): Unit {
  const unit = UNIT_OF[name];
  return stored % STORED_IN[unit] === 0 ? unit : "seconds";
}

export function draftOf(policy: Document): PolicyDraft {
  const { auto_above, review_from, must_approve_from } = policy.bands;
  const score = (value: number) => exactConfidence(basisPoints(value));
  const of = (category: Category) =>
    policy.sensitive.filter((rule) => rule.category === category).flatMap(({ terms }) => terms);
  const units = Object.fromEntries(
    FIGURES.map(([name, key]) => [name, unitOf(name, Number(policy[key]))]),
  ) as Record<Figure, Unit>;
  return {
    scores: {
      auto: score(auto_above),
      review: score(review_from),
      must: score(must_approve_from),
    },
    lowBand: policy.low_band_action,
    figures: Object.fromEntries(
      FIGURES.map(([name, key]) => [name, String(Number(policy[key]) / STORED_IN[units[name]])]),
    ) as Record<Figure, string>,
    units,
    terms: Object.fromEntries(
      CATEGORIES.map((category) => [category, of(category).join("\n")]),
    ) as Record<Category, string>,
  };
}

/** The terms of a field: one a line, empty lines left out. */
export function termsOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Basis points of a typed score, or null. */
function scoreOf(text: string): number | null {
  if (!/^(0(\.\d{1,4})?|1(\.0{1,4})?)$/.test(text.trim())) return null;
  return Math.round(Number(text) * FULL_BP);
}

/** What is stored for a typed figure, or null. */
function figureOf(text: string, unit: Unit): number | null {
  if (!/^\d{1,10}(\.\d{1,4})?$/.test(text.trim())) return null;
  const value = Number(text) * STORED_IN[unit];
  const whole = Math.round(value);
  // Four decimals of a minute name every second: 1.6667 minutes are 100 seconds.
  if (Math.abs(value - whole) > 0.000_06 * STORED_IN[unit]) return null;
  return whole;
}

export type Flaw =
  | "score"
  | "order"
  | "figure"
  | "least"
  | "most"
  | "noTerms"
  | "badTerm"
  | "manyTerms";
export type Flaws = Readonly<Partial<Record<Score | Figure | Category, Flaw>>>;

type Found = Partial<Record<Score | Figure | Category, Flaw>>;

function scoreFlaws(typed: PolicyDraft["scores"]): Found {
  const flaws: Found = {};
  const [auto, review, must] = [typed.auto, typed.review, typed.must].map(scoreOf);
  if (auto == null) flaws.auto = "score";
  if (review == null) flaws.review = "score";
  else if (auto != null && review > auto) flaws.review = "order";
  if (must == null) flaws.must = "score";
  else if (review != null && must > review) flaws.must = "order";
  return flaws;
}

function figureFlaws(typed: PolicyDraft["figures"], units: PolicyDraft["units"]): Found {
  const flaws: Found = {};
  for (const [name] of FIGURES) {
    const text = typed[name].trim();
    const whole = figureOf(text, units[name]);
    if (whole === null) flaws[name] = "figure";
    else if (whole < LEAST[name]) flaws[name] = "least";
    else if (whole > MOST[name]) flaws[name] = "most";
  }
  return flaws;
}

function isTerm(term: string): boolean {
  return [...term].length <= TERM_CHARS_MAX && /[\p{L}\p{N}]/u.test(term);
}

function termFlaws(typed: PolicyDraft["terms"]): Found {
  const flaws: Found = {};
  let all = 0;
  for (const category of CATEGORIES) {
    const terms = termsOf(typed[category]);
    all += terms.length;
    if (!terms.every(isTerm)) flaws[category] = "badTerm";
    else if (terms.length === 0 && category !== "custom") flaws[category] = "noTerms";
    else if (all > TERMS_MAX) flaws[category] = "manyTerms";
  }
  return flaws;
}

/** What is wrong, by field. */
export function flawsOf({ scores, figures, units, terms }: PolicyDraft): Flaws {
  return { ...scoreFlaws(scores), ...figureFlaws(figures, units), ...termFlaws(terms) };
}

/** What would be stored; only for a draft without flaws. */
export function documentOf(draft: PolicyDraft): Document {
  const score = (name: Score) => (scoreOf(draft.scores[name]) ?? 0) / FULL_BP;
  const figure = (name: Figure) => figureOf(draft.figures[name], draft.units[name]) ?? 0;
  return {
    bands: {
      auto_above: score("auto"),
      review_from: score("review"),
      must_approve_from: score("must"),
    },
    low_band_action: draft.lowBand,
    sensitive: CATEGORIES.map((category) => ({
      category,
      terms: [...termsOf(draft.terms[category])],
    })).filter(({ terms }) => terms.length > 0),
    hold_seconds: figure("hold"),
    review_ttl_seconds: figure("reviewTtl"),
    approval_ttl_seconds: figure("approvalTtl"),
    claim_seconds: figure("claim"),
    max_rejections: figure("rejections"),
    max_retries: figure("retries"),
    max_step_tokens: figure("tokens"),
  };
}

export type Changed = Score | Figure | Category | "lowBand";

/** Fields that differ from what is in force, in the order of the form. */
export function changesOf(from: PolicyDraft, to: PolicyDraft): readonly Changed[] {
  const words = (draft: PolicyDraft, category: Category) =>
    termsOf(draft.terms[category]).join("\n");
  return [
    ...(["auto", "review", "must"] as const).filter(
      (name) => from.scores[name].trim() !== to.scores[name].trim(),
    ),
    ...(from.lowBand === to.lowBand ? [] : (["lowBand"] as const)),
    ...FIGURES.map(([name]) => name).filter(
      (name) => from.figures[name].trim() !== to.figures[name].trim(),
    ),
    ...CATEGORIES.filter((category) => words(from, category) !== words(to, category)),
  ];
}

// Proves that a policy survives its form, and that every mistake is found at its field before anything is sent.
import { describe, expect, it } from "vitest";
import {
  changesOf,
  type Document,
  documentOf,
  draftOf,
  flawsOf,
  type PolicyDraft,
} from "./policyDraft";

const POLICY: Document = {
  bands: { auto_above: 0.9, review_from: 0.7, must_approve_from: 0.5 },
  low_band_action: "must_approve",
  sensitive: (["politics", "health", "finance", "legal", "minors", "security"] as const).map(
    (category) => ({ category, terms: [`${category} word`, "other*"] }),
  ),
  hold_seconds: 8,
  review_ttl_seconds: 86_400,
  approval_ttl_seconds: 90,
  claim_seconds: 300,
  max_rejections: 3,
  max_retries: 3,
  max_step_tokens: 400_000,
};
const begin = draftOf(POLICY);
const scores = (change: Partial<PolicyDraft["scores"]>) => ({
  ...begin,
  scores: { ...begin.scores, ...change },
});
const figures = (change: Partial<PolicyDraft["figures"]>) => ({
  ...begin,
  figures: { ...begin.figures, ...change },
});
const terms = (change: Partial<PolicyDraft["terms"]>) => ({
  ...begin,
  terms: { ...begin.terms, ...change },
});

describe("a policy in its form", () => {
  it("comes out as it went in", () => {
    expect(documentOf(begin)).toEqual(POLICY);
    expect(flawsOf(begin)).toEqual({});
    expect(changesOf(begin, draftOf(POLICY))).toEqual([]);
  });

  it("keeps a life that is no round number of minutes, in seconds", () => {
    const odd: Document = { ...POLICY, review_ttl_seconds: 100, approval_ttl_seconds: 7 };
    const draft = draftOf(odd);
    expect(draft.figures).toMatchObject({ reviewTtl: "100", approvalTtl: "7" });
    expect(draft.units).toMatchObject({ reviewTtl: "seconds", approvalTtl: "seconds" });
    expect(begin.units.reviewTtl).toBe("minutes");
    expect(flawsOf(draft)).toEqual({});
    expect(documentOf(draft)).toEqual(odd);
    const typed = { ...draft, figures: { ...draft.figures, reviewTtl: "7201" } };
    expect(flawsOf(typed)).toEqual({});
    expect(documentOf(typed).review_ttl_seconds).toBe(7_201);
    expect(documentOf(figures({ reviewTtl: "1.6667" })).review_ttl_seconds).toBe(100);
    expect(flawsOf(figures({ reviewTtl: "1.67" }))).toEqual({ reviewTtl: "figure" });
    expect(flawsOf(figures({ reviewTtl: "1.6667" }))).toEqual({});
  });

  it("says at the field what is wrong", () => {
    expect(flawsOf(scores({ auto: "1.2" }))).toEqual({ auto: "score" });
    expect(flawsOf(scores({ review: "0.95" }))).toEqual({ review: "order" });
    expect(flawsOf(scores({ must: "0.71" }))).toEqual({ must: "order" });
    expect(flawsOf(figures({ hold: "soon" }))).toEqual({ hold: "figure" });
    expect(flawsOf(figures({ hold: "0" }))).toEqual({});
    expect(flawsOf(figures({ claim: "0" }))).toEqual({ claim: "least" });
    expect(flawsOf(figures({ claim: "1.5" }))).toEqual({ claim: "figure" });
    expect(flawsOf(figures({ rejections: "11", retries: "100" }))).toEqual({ rejections: "most" });
    expect(flawsOf(figures({ retries: "2147483648" }))).toEqual({ retries: "most" });
    expect(flawsOf(figures({ tokens: "19999" }))).toEqual({ tokens: "least" });
    expect(flawsOf(figures({ tokens: "100000000" }))).toEqual({});
    expect(flawsOf(figures({ tokens: "100000001" }))).toEqual({ tokens: "most" });
    expect(flawsOf(figures({ reviewTtl: "129600" }))).toEqual({});
    expect(flawsOf(figures({ reviewTtl: "129601" }))).toEqual({ reviewTtl: "most" });
    expect(flawsOf(figures({ reviewTtl: "1.5" }))).toEqual({});
    expect(flawsOf(terms({ health: " \n " }))).toEqual({ health: "noTerms" });
    expect(flawsOf(terms({ health: "cure\n…" }))).toEqual({ health: "badTerm" });
    expect(flawsOf(terms({ custom: "x".repeat(101) }))).toEqual({ custom: "badTerm" });
    const many = Array.from({ length: 2_001 }, (_, at) => `w${at}`).join("\n");
    expect(flawsOf(terms({ custom: many }))).toEqual({ custom: "manyTerms" });
  });

  it("names what differs, and keeps own words beside the built-in topics", () => {
    const changed = { ...terms({ custom: "gambling\n\n" }), lowBand: "retry" as const };
    expect(changesOf(begin, changed)).toEqual(["lowBand", "custom"]);
    expect(documentOf(changed).sensitive.at(-1)).toEqual({
      category: "custom",
      terms: ["gambling"],
    });
  });
});

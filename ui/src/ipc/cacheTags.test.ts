import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import { CacheTags, fill, meet, type TagTable } from "./cacheTags";

const table: TagTable = {
  endpoints: {
    list_reviews: {
      method: "GET",
      path: "/api/v1/reviews",
      provides: ["review"],
      invalidates: [],
    },
    get_review: {
      method: "GET",
      path: "/api/v1/reviews/{review}",
      provides: ["review:{review}"],
      invalidates: [],
    },
    get_plan: {
      method: "GET",
      path: "/api/v1/campaigns/{campaign}/plan",
      provides: ["plan:{campaign}"],
      invalidates: [],
    },
    decide: {
      method: "POST",
      path: "/api/v1/reviews/{review}/decision",
      provides: [],
      invalidates: ["review:{review}", "gauge"],
    },
  },
  facts: { review_changed: ["review:{review}", "gauge"] },
};

const tags = new CacheTags(table);
let cache: QueryClient;

function stale(): string[] {
  return cache
    .getQueryCache()
    .getAll()
    .filter((query) => query.state.isInvalidated)
    .map(({ queryKey: [, path, init] }) => {
      const { params } = (init ?? {}) as { params?: { path?: Record<string, string> } };
      return [path, ...Object.values(params?.path ?? {})].join(" ");
    })
    .sort();
}

const one = (review: string) => ({ params: { path: { review } } });

beforeEach(() => {
  cache = new QueryClient();
  cache.setQueryData(["get", "/api/v1/reviews"], []);
  cache.setQueryData(["get", "/api/v1/reviews/{review}", one("r1")], {});
  cache.setQueryData(["get", "/api/v1/reviews/{review}", one("r2")], {});
  cache.setQueryData(
    ["get", "/api/v1/campaigns/{campaign}/plan", { params: { path: { campaign: "r1" } } }],
    {},
  );
  cache.setQueryData(["own", { no: "address" }], 1);
});

describe("tags", () => {
  it("meet when the topic is equal and the keys are equal or one has none", () => {
    expect(meet("review", "review:1")).toBe(true);
    expect(meet("review:1", "review:1")).toBe(true);
    expect(meet("review:1", "review:2")).toBe(false);
    expect(meet("review:1", "plan:1")).toBe(false);
    expect(meet("review:a:b", "review:a")).toBe(false);
  });

  it("take their key from where they are, and widen without it", () => {
    expect(fill("review:{review}", { review: "r1" })).toBe("review:r1");
    expect(fill("review:{review}", {})).toBe("review");
    expect(fill("persona:{number}", { number: 7 })).toBe("persona:7");
    expect(fill("gauge", { gauge: "x" })).toBe("gauge");
  });
});

describe("CacheTags", () => {
  it("makes stale the one that was decided and every list of its kind, and nothing else", async () => {
    const made = tags.stale("post", "/api/v1/reviews/{review}/decision", one("r1"));
    await tags.invalidate(cache, made);
    expect(stale()).toEqual(["/api/v1/reviews", "/api/v1/reviews/{review} r1"]);
  });

  it("does the same for a fact, once for many", async () => {
    const facts = [1, 2, 3].map(() => ({ type: "review_changed", review: "r2" }));
    const made = tags.staleByFacts(facts);
    expect(made).toEqual(["review:r2", "gauge"]);
    await tags.invalidate(cache, made);
    expect(stale()).toEqual(["/api/v1/reviews", "/api/v1/reviews/{review} r2"]);
  });

  it("lets no answer that was asked for before come back as if it were fresh", async () => {
    let answer: (version: string) => void = () => {};
    const options = {
      queryKey: ["get", "/api/v1/reviews/{review}", one("r1")],
      queryFn: () => new Promise<string>((resolve) => (answer = resolve)),
    };
    const asked = cache.prefetchQuery(options);
    await tags.invalidate(cache, ["review:r1"]);
    answer("older");
    await asked;
    expect(cache.getQueryData(options.queryKey)).not.toBe("older");
    expect(stale()).toContain("/api/v1/reviews/{review} r1");
  });

  it("knows nothing of unlisted addresses and facts", async () => {
    expect(tags.stale("post", "/api/v1/other", undefined)).toEqual([]);
    expect(tags.staleByFacts([{ type: "unheard_of" }])).toEqual([]);
    await tags.invalidate(cache, []);
    expect(stale()).toEqual([]);
  });
});

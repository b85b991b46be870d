import { describe, expect, it } from "vitest";
import { CacheTags } from "./cacheTags";
import { createApi, createCache } from "./client";
import { ApiError } from "./errors";
import type { Transport } from "./transport";

interface Paths {
  "/api/v1/reviews/{review}": {
    get: {
      parameters: { path: { review: string } };
      responses: { 200: { content: { "application/json": { id: string } } } };
    };
    post: {
      parameters: { path: { review: string } };
      requestBody: { content: { "application/json": { note: string } } };
      responses: { 200: { content: { "application/json": { id: string } } } };
    };
  };
}

function api(answer: () => Response) {
  const sent: Request[] = [];
  const transport: Transport = {
    fetch: (request) => {
      sent.push(request);
      return Promise.resolve(answer());
    },
    stream: () => Promise.resolve(),
  };
  const errors = {
    CONFLICT: {
      status: 409,
      retryable: false,
      effect: "nothing",
      text: "",
      hint: "Read it again.",
    },
  } as const;
  return { sent, ...createApi<Paths>(transport, "http://localhost:3000", errors) };
}

const address = "/api/v1/reviews/{review}";
const path = { params: { path: { review: "r 1" } } };

describe("createApi", () => {
  it("gives each write a key of its own, and reads none", async () => {
    const { client, sent } = api(() => Response.json({ id: "r" }));
    await client.GET(address, path);
    await client.POST(address, { ...path, body: { note: "a" } });
    await client.POST(address, { ...path, body: { note: "a" } });
    const keys = sent.map((request) => request.headers.get("idempotency-key"));
    expect(keys[0]).toBeNull();
    expect(keys[1]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[2]).not.toBe(keys[1]);
    expect(sent[0]?.url).toBe("http://localhost:3000/api/v1/reviews/r%201");
  });

  it("keeps a key that the caller chose", async () => {
    const { client, sent } = api(() => Response.json({ id: "r" }));
    const headers = { "Idempotency-Key": "mine" };
    await client.POST(address, { ...path, headers, body: { note: "a" } });
    expect(sent[0]?.headers.get("idempotency-key")).toBe("mine");
  });

  it("throws the backend's own error, with what to do about it", async () => {
    const body = {
      success: false,
      error: {
        code: "CONFLICT",
        message: "Decided already.",
        details: {},
        timestamp: "",
        retryable: false,
      },
    };
    const { client } = api(() => Response.json(body, { status: 409 }));
    const error = await client.GET(address, path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "CONFLICT", hint: "Read it again.", effect: "nothing" });
  });
});

describe("createCache", () => {
  const tags = new CacheTags({
    endpoints: {
      get_review: { method: "GET", path: address, provides: ["review:{review}"], invalidates: [] },
      decide: { method: "POST", path: address, provides: [], invalidates: ["review:{review}"] },
    },
    facts: {},
  });

  it("reads again what a write made stale", async () => {
    const cache = createCache(tags);
    cache.setQueryData(["get", address, path], { id: "r" });
    await cache
      .getMutationCache()
      .build(cache, { mutationKey: ["post", address], mutationFn: async () => ({ id: "r" }) })
      .execute(path);
    expect(cache.getQueryState(["get", address, path])?.isInvalidated).toBe(true);
  });

  it("keeps what was read when the write failed", async () => {
    const cache = createCache(tags);
    cache.setQueryData(["get", address, path], { id: "r" });
    const write = cache.getMutationCache().build(cache, {
      mutationKey: ["post", address],
      mutationFn: () => Promise.reject(new Error("no")),
    });
    await write.execute(path).catch(() => {});
    expect(cache.getQueryState(["get", address, path])?.isInvalidated).toBe(false);
  });

  it("tries a read again only where that can help", () => {
    const { retry } = createCache(tags).getDefaultOptions().queries ?? {};
    if (typeof retry !== "function") throw new Error("no rule for trying again");
    const error = (retryable: boolean) =>
      new ApiError({ code: "X", message: "", status: 500, retryable });
    expect([retry(0, error(true)), retry(3, error(true)), retry(0, error(false))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

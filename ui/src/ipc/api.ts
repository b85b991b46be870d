// The one way of this page to the backend. Rooms read and write through `hooks`, everything else through `client`.
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { CacheTags } from "./cacheTags";
import { createApi, createCache } from "./client";
import { UNAUTHENTICATED } from "./errors";
import type { components, paths } from "./generated";
import { ERRORS } from "./generatedErrors";
import { TAGS } from "./generatedTags";
import { httpTransport } from "./httpTransport";
import type { Transport } from "./transport";
import { inWindow, windowTransport } from "./windowTransport";

/** A type of the API by its name: `Wire<"Review">`. */
export type Wire<Name extends keyof components["schemas"]> = components["schemas"][Name];

// The window's door looks at path and query only; its own address is no address that a request may have.
const origin = inWindow() ? "http://localhost" : window.location.origin;

let way: Transport = inWindow() ? windowTransport : httpTransport({ origin, errors: ERRORS });

/** Tests put a scripted backend here. */
export function speakThrough(transport: Transport): void {
  way = transport;
}

const timers = new Set<(ms: number) => void>();
let underWay = 0;

/**
 * Hears how long a read took, from asking to the answer's head, in milliseconds. Only reads that were alone are told:
 * one of many measures how busy this page is, not how far away the backend.
 */
export function onRoundTrip(hear: (ms: number) => void): () => void {
  timers.add(hear);
  return () => timers.delete(hear);
}

async function timed(request: Request): Promise<Response> {
  let alone = underWay === 0 && request.method === "GET";
  underWay += 1;
  const began = performance.now();
  try {
    const response = await way.fetch(request);
    alone &&= underWay === 1;
    if (alone) for (const hear of timers) hear(performance.now() - began);
    return response;
  } finally {
    underWay -= 1;
  }
}

export const transport: Transport = { fetch: timed, stream: (request) => way.stream(request) };
export const { client, hooks } = createApi<paths>(transport, origin, ERRORS);
export const cacheTags = new CacheTags(TAGS);

/** The key under which the signed-in person is cached. */
export const SESSION_KEY: QueryKey = ["get", "/api/v1/session"];

/** The page's cache. An answer that says "not signed in" makes it ask again who is. */
export function newCache(): QueryClient {
  const cache: QueryClient = createCache(cacheTags, (error, key) => {
    const itself = key?.[0] === SESSION_KEY[0] && key?.[1] === SESSION_KEY[1];
    if (error.code === UNAUTHENTICATED && !itself) {
      void cache.invalidateQueries({ queryKey: SESSION_KEY });
    }
  });
  return cache;
}

/** For `params.header` of a write that names the version it changes: the API wants it as an ETag, in quotes. */
export function ifMatch(version: string | number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}

/** Figures of published posts move without a fact that tells of it: lists that show them are read again so often. */
export const FIGURES_MS = 60_000;

/** Options of `hooks.useInfiniteQuery` for lists, which are pages {items, next} with a cursor. */
export const PAGED = {
  pageParamName: "after",
  initialPageParam: null as string | null,
  getNextPageParam: (page: { next: string | null }) => page.next,
} as const;

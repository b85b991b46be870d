// The typed client over any transport, and the cache that follows the table of tags. `Paths` is the generated type of
// the API document.
import { MutationCache, QueryCache, QueryClient, type QueryKey } from "@tanstack/react-query";
import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { backoffMs } from "./backoff";
import type { CacheTags } from "./cacheTags";
import { type ApiError, asApiError, type ErrorTable, readError } from "./errors";
import type { Transport } from "./transport";

const RETRIES_MAX = 3;
/** Facts say when an answer is stale; this is for what no fact covers. */
const FRESH_MS = 5 * 60_000;

/** A key of its own for every write, so that sending it again cannot do it twice. */
function withKey(request: Request): void {
  if (request.method === "GET" || request.headers.has("Idempotency-Key")) return;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  request.headers.set("Idempotency-Key", key);
}

function manners(errors: ErrorTable): Middleware {
  return {
    onRequest({ request }) {
      withKey(request);
    },
    async onResponse({ response }) {
      if (response.ok) return;
      const { status, headers } = response;
      throw readError(status, await response.text(), errors, headers.get("ETag"));
    },
  };
}

export function createApi<Paths extends object>(
  transport: Transport,
  origin: string,
  errors: ErrorTable,
) {
  const client = createFetchClient<Paths>({ baseUrl: origin, fetch: transport.fetch });
  client.use(manners(errors));
  return { client, hooks: createQueryClient(client) };
}

/**
 * The cache: reads are tried again only where that can help, and each write invalidates what the table says.
 * `onFailed` hears of every failure, with the key of the read if it was one.
 */
export function createCache(
  tags: CacheTags,
  onFailed: (error: ApiError, key: QueryKey | null) => void = () => {},
): QueryClient {
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (thrown, query) => onFailed(asApiError(thrown), query.queryKey),
    }),
    mutationCache: new MutationCache({
      onError: (thrown) => onFailed(asApiError(thrown), null),
      onSuccess: (_answer, init, _context, mutation) => {
        const [method, path] = mutation.options.mutationKey ?? [];
        if (typeof method !== "string" || typeof path !== "string") return;
        return tags.invalidate(cache, tags.stale(method, path, init));
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < RETRIES_MAX && asApiError(error).retryable,
        retryDelay: backoffMs,
      },
      mutations: { retry: false },
    },
  });
  return cache;
}

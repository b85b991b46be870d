// What reading each feed of a campaign once said, shared by the form that adds feeds and the plan that starts on them.
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { client, type Wire } from "@/ipc/api";
import { MINUTE_MS } from "@/shared/format/time";

/** A feed is read again only when a test is older, or when somebody asks. */
const FRESH_MS = 5 * MINUTE_MS;

export interface FeedState {
  readonly url: string;
  /** Null while it is being read, or when nobody could say. */
  readonly found: Wire<"FeedTest"> | null;
  readonly reading: boolean;
  readonly again: () => void;
}

async function read(url: string): Promise<Wire<"FeedTest"> | null> {
  const { data } = await client.POST("/api/v1/connections/feeds/test", { body: { url } });
  return data ?? null;
}

const keyOf = (url: string) => ["feed test", url];

/** Keeps a test that was made by hand, so that the feed is not read twice when it is added. */
export function useKeepTest(): (url: string, found: Wire<"FeedTest">) => void {
  const cache = useQueryClient();
  return (url, found) => void cache.setQueryData(keyOf(url), found);
}

/** Tests the feeds while `wanted`; nothing is kept by the server. */
export function useFeedTests(urls: readonly string[], wanted: boolean): readonly FeedState[] {
  const tests = useQueries({
    queries: urls.map((url) => ({
      queryKey: keyOf(url),
      queryFn: () => read(url),
      enabled: wanted,
      staleTime: FRESH_MS,
      retry: false,
    })),
  });
  return tests.map(({ data, isFetching, refetch }, index) => ({
    url: urls[index] ?? "",
    found: data ?? null,
    reading: isFetching,
    again: () => void refetch(),
  }));
}

/** Those whose last test failed. */
export function unreadable(states: readonly FeedState[]): readonly FeedState[] {
  return states.filter(({ found }) => found?.ok === false);
}

// The rows of the queue: pages around what is in sight stay fresh, the others wait until somebody looks at them.
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { hooks, type Wire } from "@/ipc/api";
import { ATTENTION_BELOW_BP, FULL_BP } from "@/shared/format/confidence";
import type { Awaited } from "@/shared/parts/Await";
import { chain, joined, PAGE_ROWS, pagesFor } from "./chain";
import { decidedSince, type Filter } from "./model";

type Review = Wire<"Review">;

export interface Queue {
  /** The first page decides whether there is anything to show. */
  query: Awaited<readonly Review[]>;
  rows: readonly Review[];
  /** True when `rows` are all there are. */
  complete: boolean;
  onSight: (first: number, last: number) => void;
}

const WANTED = {
  all: {},
  sensitive: { sensitive: true },
  low: { below: ATTENTION_BELOW_BP / FULL_BP },
} as const;

function pageOptions(filter: Exclude<Filter, "decided">, after: string | null) {
  const query = { ...WANTED[filter], limit: PAGE_ROWS, ...(after === null ? {} : { after }) };
  return hooks.queryOptions("get", "/api/v1/reviews", { params: { query } });
}

/** Joined anew only when a page is another one. */
function useJoined(pages: readonly Wire<"Page_Review">[]): readonly Review[] {
  const last = useRef<{ pages: readonly unknown[]; rows: readonly Review[] }>({
    pages: [],
    rows: [],
  });
  const same =
    last.current.pages.length === pages.length &&
    last.current.pages.every((page, index) => page === pages[index]);
  if (!same) last.current = { pages, rows: joined(pages) };
  return last.current.rows;
}

export function useQueue(filter: Exclude<Filter, "decided">): Queue {
  const cache = useQueryClient();
  // In pages, so that scrolling within one renders nothing anew.
  const [sight, setSight] = useState({ first: 0, pages: 1 });
  const kept = useRef<{ filter: Filter; rows: readonly Review[] }>({ filter, rows: [] });
  const pageAt = (after: string | null) =>
    cache.getQueryData<Wire<"Page_Review">>(pageOptions(filter, after).queryKey);
  const cursors = chain(pageAt, sight.pages);
  const near = (index: number) => index >= sight.first && index < sight.pages;
  const pages = useQueries({
    queries: cursors.map((after, index) => ({
      ...pageOptions(filter, after),
      enabled: near(index),
    })),
  });
  const [first] = pages;
  const here = pages.flatMap(({ data }) => (data ? [data] : []));
  const fresh = useJoined(here);
  const waiting = pages.some(({ data, error }) => !data && !error);
  // While a new cursor is being followed, what stood there stands: the list must not jump.
  const before = kept.current.filter === filter ? kept.current.rows : [];
  const rows = waiting && fresh.length < before.length ? before : fresh;
  kept.current = { filter, rows };
  const onSight = useCallback((from: number, to: number) => {
    const next = { first: Math.floor(from / PAGE_ROWS), pages: pagesFor(to) };
    setSight((last) => (last.first === next.first && last.pages === next.pages ? last : next));
  }, []);
  return {
    query: {
      data: first?.data ? rows : undefined,
      error: first?.error,
      refetch: () => first?.refetch(),
    },
    rows,
    complete: here.length === pages.length && here.at(-1)?.next === null,
    onSight,
  };
}

const DECIDED = ["approved", "edited", "rejected", "expired"] as const;
const DECIDED_ROWS = 200;

function midnight(): number {
  return new Date().setHours(0, 0, 0, 0);
}

/** What everybody decided today. The API lists one state at a time, each newest first. */
export function useDecided(enabled: boolean): Queue {
  const pages = useQueries({
    queries: DECIDED.map((state) => ({
      ...hooks.queryOptions("get", "/api/v1/reviews", {
        params: { query: { state, limit: DECIDED_ROWS } },
      }),
      enabled,
    })),
  });
  const here = pages.flatMap(({ data }) => (data ? [data] : []));
  const rows = decidedSince(
    here.flatMap(({ items }) => items),
    midnight(),
  );
  const failed = pages.find(({ error }) => error !== null);
  const cut = here.some(
    ({ items, next }) => next !== null && decidedSince(items.slice(-1), midnight()).length > 0,
  );
  return {
    query: {
      data: here.length === pages.length ? rows : undefined,
      error: failed?.error ?? null,
      refetch: () => Promise.all(pages.map((page) => page.refetch())),
    },
    rows,
    complete: here.length === pages.length && !cut,
    onSight: () => {},
  };
}

// The live line of this page: facts as they happen make cached answers stale, and every screen can say how the line
// stands. One per page.
import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { cacheTags, onRoundTrip, SESSION_KEY, transport } from "./api";
import type { Tag } from "./cacheTags";
import { type Connection, EventStream, type FactFrame } from "./events";

/** Facts that come closer together than this are worked off together: a busy fleet must not read without pause. */
const GATHER_MS = 250;
/** A round trip is shown anew only when it differs by so much: figures that tremble say nothing. */
const TREMBLE_MS = 3;

interface Live {
  readonly connection: Connection;
  /** Round trip of the last read, in milliseconds. */
  readonly latencyMs: number | null;
}

export const useLive = create<Live>()(() => ({
  connection: { state: "connecting" },
  latencyMs: null,
}));

const listeners = new Set<(facts: readonly FactFrame[]) => void>();
let stream: EventStream | null = null;

/** Hears every batch of facts, after what they make stale is marked. For what a refetch cannot say. */
export function onFacts(hear: (facts: readonly FactFrame[]) => void): () => void {
  listeners.add(hear);
  return () => listeners.delete(hear);
}

/** Tries to connect at once instead of at the end of the wait. */
export function reconnect(): void {
  stream?.retryNow();
}

function keepLatency(ms: number): void {
  const { latencyMs } = useLive.getState();
  if (latencyMs === null || Math.abs(latencyMs - ms) > TREMBLE_MS) {
    useLive.setState({ latencyMs: ms });
  }
}

/** Marks what facts make stale, at once when it is quiet and gathered when it is not. */
function gatherer(cache: QueryClient): (tags: readonly Tag[]) => void {
  let waiting = new Set<Tag>();
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    timer = null;
    last = performance.now();
    const tags = [...waiting];
    waiting = new Set();
    void cacheTags.invalidate(cache, tags);
  };
  return (tags) => {
    for (const tag of tags) waiting.add(tag);
    if (waiting.size === 0 || timer !== null) return;
    const wait = last + GATHER_MS - performance.now();
    if (wait <= 0) flush();
    else timer = setTimeout(flush, wait);
  };
}

/** Begins to listen; returns what stops it. Called once somebody is signed in. */
export function startLive(cache: QueryClient): () => void {
  const stale = gatherer(cache);
  stream = new EventStream(transport, {
    onFacts: (facts) => {
      stale(cacheTags.staleByFacts(facts.map(({ fact }) => fact)));
      for (const hear of listeners) hear(facts);
    },
    onConnection: (connection) => {
      useLive.setState({ connection });
      if (connection.state === "signedOut") void cache.invalidateQueries({ queryKey: SESSION_KEY });
      if (connection.state !== "live") return;
      // What was read before the line stood may be older than the first fact on it.
      void cache.invalidateQueries();
    },
  });
  const stop = stream.start();
  const deaf = onRoundTrip(keepLatency);
  return () => {
    stop();
    deaf();
    stream = null;
    useLive.setState({ connection: { state: "connecting" }, latencyMs: null });
  };
}

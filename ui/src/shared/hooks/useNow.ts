// The present, for what counts down or ages. Components with the same step share one timer.
import { useSyncExternalStore } from "react";

interface Ticker {
  now: number;
  timer: ReturnType<typeof setInterval> | null;
  readonly watchers: Set<() => void>;
}

const tickers = new Map<number, Ticker>();

function tickerOf(stepMs: number): Ticker {
  const known = tickers.get(stepMs);
  if (known) return known;
  const fresh: Ticker = { now: Date.now(), timer: null, watchers: new Set() };
  tickers.set(stepMs, fresh);
  return fresh;
}

function subscribe(stepMs: number, watcher: () => void): () => void {
  const ticker = tickerOf(stepMs);
  if (ticker.timer === null) {
    ticker.now = Date.now();
    ticker.timer = setInterval(() => {
      ticker.now = Date.now();
      for (const tell of ticker.watchers) tell();
    }, stepMs);
  }
  ticker.watchers.add(watcher);
  return () => {
    ticker.watchers.delete(watcher);
    if (ticker.watchers.size > 0 || ticker.timer === null) return;
    clearInterval(ticker.timer);
    ticker.timer = null;
    tickers.delete(stepMs);
  };
}

const never = () => () => {};

/** Milliseconds since the epoch, renewed every `stepMs`; null stops the clock where it stands. */
export function useNow(stepMs: number | null): number {
  return useSyncExternalStore(
    stepMs === null ? never : (watcher) => subscribe(stepMs, watcher),
    () => (stepMs === null ? 0 : tickerOf(stepMs).now),
  );
}

// The present, for what counts down or ages. Components with the same step share one timer.
import { useSyncExternalStore } from "react";

interface Ticker {
  readonly now: () => number;
  readonly subscribe: (watcher: () => void) => () => void;
}

/** One per step in use; steps are constants of the parts, so there are only a few. */
const tickers = new Map<number, Ticker>();

function makeTicker(stepMs: number): Ticker {
  const watchers = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | null = null;
  let now = Date.now();
  const tick = () => {
    now = Date.now();
    for (const tell of watchers) tell();
  };
  return {
    now: () => {
      // Nobody was watching: the time that stands here may be old.
      if (timer === null && Date.now() - now >= stepMs) now = Date.now();
      return now;
    },
    subscribe(watcher) {
      watchers.add(watcher);
      timer ??= setInterval(tick, stepMs);
      return () => {
        watchers.delete(watcher);
        if (watchers.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}

function tickerOf(stepMs: number): Ticker {
  const ticker = tickers.get(stepMs) ?? makeTicker(stepMs);
  tickers.set(stepMs, ticker);
  return ticker;
}

const STILL: Ticker = { now: () => 0, subscribe: () => () => {} };

/** Milliseconds since the epoch, renewed every `stepMs`. With null there is no clock, and the answer is zero. */
export function useNow(stepMs: number | null): number {
  const ticker = stepMs === null ? STILL : tickerOf(stepMs);
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}

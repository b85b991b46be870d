// The hooks by which a component answers a key of the table.
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { onMac } from "./chord";
import { type Act, KeyDispatcher } from "./dispatcher";
import { keysFor, useKeymap } from "./keymap";
import type { Action } from "./table";

export const dispatcher = new KeyDispatcher({
  mac: onMac(),
  keysFor: (action) => keysFor(action, useKeymap.getState().overrides),
  now: () => performance.now(),
});

/** Mounted once, by the frame. */
export function useKeyListener(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => dispatcher.handle(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** Answers `action` while the component is mounted and `enabled`. The newest component is asked first. */
export function useKey(action: Action, act: Act, enabled = true): void {
  const latest = useEffectEvent((event: KeyboardEvent) => act(event));
  useEffect(() => {
    if (!enabled) return;
    return dispatcher.register(action, (event) => latest(event));
  }, [action, enabled]);
}

let seen: readonly Action[] = [];

/** The same array as long as nothing changed, as React wants it. */
function activeNow(): readonly Action[] {
  const active = dispatcher.active();
  if (active.length !== seen.length || active.some((action, i) => action !== seen[i]))
    seen = active;
  return seen;
}

export function useActiveKeys(): readonly Action[] {
  return useSyncExternalStore((watcher) => dispatcher.watch(watcher), activeNow);
}

export function useKeysFor(action: Action): string {
  return useKeymap((keymap) => keysFor(action, keymap.overrides));
}

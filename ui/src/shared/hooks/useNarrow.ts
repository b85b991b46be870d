// Whether the window is so narrow that the sidebar is icons and side panes start smaller.
import { useSyncExternalStore } from "react";

const query = () => window.matchMedia("(width <= 1240px)");

function subscribe(watcher: () => void): () => void {
  const watched = query();
  watched.addEventListener("change", watcher);
  return () => watched.removeEventListener("change", watcher);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query().matches);
}

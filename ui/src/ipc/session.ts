// The bearer token of a browser console. It lives in this tab only and is gone when the tab closes. The desktop window
// never sees a token: its door adds it.

const KEY = "chimera.token";

export interface Session {
  token(): string | null;
  keep(token: string): void;
  /** Drops the token, if it still is `token`: an answer to an older one must not sign a newer one out. */
  forget(token: string): void;
  /** Called whenever the token was kept or dropped. */
  watch(watcher: (signedIn: boolean) => void): () => void;
}

export function tabSession(storage: Storage): Session {
  const watchers = new Set<(signedIn: boolean) => void>();
  const tell = () => {
    for (const watcher of watchers) watcher(storage.getItem(KEY) !== null);
  };
  return {
    token: () => storage.getItem(KEY),
    keep(token) {
      storage.setItem(KEY, token);
      tell();
    },
    forget(token) {
      if (storage.getItem(KEY) !== token) return;
      storage.removeItem(KEY);
      tell();
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

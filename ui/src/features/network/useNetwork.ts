// The posts of the sandbox network, and who is behind its accounts.
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { useMay } from "@/shared/session/useMe";

const PAGE_POSTS = 50;
const PERSONAS_MAX = 200;

export function useFeed(handle: string | null) {
  const query = { limit: PAGE_POSTS, ...(handle === null ? {} : { handle }) };
  return hooks.useInfiniteQuery("get", "/api/v1/sandbox/feed", { params: { query } }, PAGED);
}

export function useThread(post: string) {
  return hooks.useQuery("get", "/api/v1/sandbox/posts/{post}", { params: { path: { post } } });
}

/** Names of personas by agent. Who may not read personas sees the accounts' own names. */
export function usePersonaNames(): ReadonlyMap<string, string> {
  const may = useMay("persona_read");
  const { data } = hooks.useQuery(
    "get",
    "/api/v1/personas",
    { params: { query: { limit: PERSONAS_MAX } } },
    { enabled: may },
  );
  return new Map(data?.items.map(({ agent, name }) => [agent, name]));
}

export interface Account {
  readonly handle: string;
  readonly agent: string;
  readonly displayName: string | null;
}

/** The accounts behind these posts, each once, by handle. */
export function accountsOf(posts: readonly Wire<"SandboxPost">[]): Account[] {
  const found = new Map(
    posts.map(({ handle, agent_id, display_name }) => [
      handle,
      { handle, agent: agent_id, displayName: display_name },
    ]),
  );
  return [...found.values()].sort((a, b) => a.handle.localeCompare(b.handle));
}

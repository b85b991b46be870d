// Shows a room in a test, with a scripted backend behind it and somebody signed in.
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { onTestFinished } from "vitest";
import { newCache, SESSION_KEY, speakThrough, type Wire } from "@/ipc/api";
import { startLive } from "@/ipc/live";
import { useKeyListener } from "@/shared/keys/useKey";
import { TooltipGround } from "@/shared/parts/Tooltip";
import { ToastGround } from "@/shared/parts/toast/ToastGround";
import { type Script, ScriptedBackend } from "./backend";

/** One person alone, who may do everything. */
export const OWNER: Wire<"Me"> = {
  user: {
    id: "0199f1c2-0000-7000-8000-000000000001",
    kind: "person",
    name: "Inga Reuter",
    email: "inga@example.org",
    roles: ["admin", "operator", "moderator", "brand_owner", "finance", "viewer"],
    created_at: "2026-05-01T08:00:00Z",
    disabled_at: null,
  },
  tenant: { id: "0199f1c2-0000-7000-8000-000000000002", name: "Halden", slug: "t_home" },
  rooms: [
    "home",
    "review",
    "campaigns",
    "personas",
    "content",
    "trends",
    "fleet",
    "traces",
    "incidents",
    "audit",
    "connections",
    "policies",
    "settings",
  ],
  may: [
    "own",
    "stop",
    "release",
    "fleet_read",
    "fleet_write",
    "campaign_read",
    "campaign_write",
    "spending_read",
    "review_read",
    "review_decide",
    "persona_read",
    "persona_write",
    "content_read",
    "trace_read",
    "alert_read",
    "alert_write",
    "audit_read",
    "audit_verify",
    "connection_read",
    "connection_write",
    "connection_answer",
    "installation",
    "policy_read",
    "policy_write",
    "people",
    "data",
    "keys",
    "tenants",
  ],
  solo: true,
  session: {
    id: "0199f1c2-0000-7000-8000-000000000003",
    label: "test",
    created_at: "2026-05-21T08:00:00Z",
    expires_at: "2026-06-04T08:00:00Z",
  },
};

export interface RenderedRoom {
  backend: ScriptedBackend;
  /** Address of the page now, with its query. */
  address: () => string;
}

function Listening({ children }: { children: ReactNode }) {
  useKeyListener();
  return children;
}

/** Resolves once the room is on screen; what it reads may still be loading. */
export async function renderRoom(
  room: ReactNode,
  script: Script,
  { me = OWNER, path = "/" }: { me?: Wire<"Me">; path?: string } = {},
): Promise<RenderedRoom> {
  const backend = new ScriptedBackend({ "GET /api/v1/session": me, ...script });
  speakThrough(backend.transport);
  const cache = newCache();
  cache.setDefaultOptions({ queries: { ...cache.getDefaultOptions().queries, retry: false } });
  cache.setQueryData(SESSION_KEY, me);
  const root = createRootRoute({
    component: () => (
      <TooltipGround>
        <ToastGround>
          <Listening>
            <main data-testid="room" className="flex flex-col">
              {room}
            </main>
          </Listening>
        </ToastGround>
      </TooltipGround>
    ),
    // Every address shows the room: where it goes is asked with `address`.
    notFoundComponent: () => null,
  });
  const router = createRouter({
    routeTree: root,
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  onTestFinished(startLive(cache));
  render(
    <QueryClientProvider client={cache}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  await screen.findByTestId("room");
  return { backend, address: () => router.state.location.href };
}

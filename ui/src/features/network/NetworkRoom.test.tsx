import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { refuse } from "@/shared/testing/backend";
import { withLayout } from "@/shared/testing/layout";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { NetworkRoom } from "./NetworkRoom";
import { accountsOf } from "./useNetwork";

const AGENT = "0199f1c2-0000-7000-8000-000000000902";

function post(number: number, changes: Partial<Wire<"SandboxPost">> = {}): Wire<"SandboxPost"> {
  return {
    agent_id: AGENT,
    ai_label: "AI-generated",
    display_name: null,
    engagement: {
      metrics: { likes: 3, shares: null, views: 12, comments: 1, engagement_rate: null },
      simulated: true,
      method: "a fixed curve",
      recorded_at: "2026-05-21T09:00:00Z",
    },
    handle: "@agent_1",
    post_id: `p${number}`,
    published_at: "2026-05-21T08:00:00Z",
    rehearsal: false,
    reply_to_id: null,
    sponsor: null,
    text: `Post ${number}`,
    url: `sandbox://posts/p${number}`,
    ...changes,
  };
}

const script = {
  "GET /api/v1/sandbox/feed": { items: [post(1)], next: null },
  "GET /api/v1/sandbox/posts/{post}": {
    post: post(1),
    replies: [post(2, { reply_to_id: "p1", text: "An answer" })],
  },
  "GET /api/v1/personas": { items: [{ agent: AGENT, name: "Mara Voss" }], next: null },
};

describe("the sandbox network", () => {
  withLayout(1_000, 700);

  it("names the persona behind an account and says that figures are made up", async () => {
    await renderRoom(<NetworkRoom post={null} />, script);
    await screen.findByText("Post 1");
    expect((await screen.findAllByText("Mara Voss")).length).toBeGreaterThan(0);
    expect(screen.getAllByText("@agent_1").length).toBeGreaterThan(0);
    expect(screen.getByText("AI-generated")).not.toBeNull();
    expect(screen.getByText("simulated").closest("li")?.title).toBe("a fixed curve");
    // A figure that the source does not give is not shown, and never as zero.
    expect(screen.queryByTitle(/shares/)).toBeNull();
  });

  it("says of each post that the rehearsal wrote that this is not an AI, in the feed and in a thread", async () => {
    const rehearsed = post(1, { rehearsal: true });
    await renderRoom(<NetworkRoom post={null} />, {
      ...script,
      "GET /api/v1/sandbox/feed": { items: [rehearsed, post(2)], next: null },
    });
    await screen.findByText("Post 2");
    expect(screen.getAllByText("rehearsal, not an AI")).toHaveLength(1);
    cleanup();
    await renderRoom(<NetworkRoom post="p1" />, {
      ...script,
      "GET /api/v1/sandbox/posts/{post}": { post: post(3), replies: [rehearsed] },
    });
    await screen.findByText("Post 1");
    expect(screen.getAllByText("rehearsal, not an AI")).toHaveLength(1);
  });

  it("does not ask for personas that one may not read", async () => {
    const may = OWNER.may.filter((group) => group !== "persona_read");
    const me = { ...OWNER, may };
    const { backend } = await renderRoom(<NetworkRoom post={null} />, script, { me });
    await screen.findByText("Post 1");
    expect(backend.asked.filter(({ endpoint }) => endpoint === "/api/v1/personas")).toEqual([]);
  });

  it("reads again when something was sent", async () => {
    const { backend } = await renderRoom(<NetworkRoom post={null} />, script);
    await screen.findByText("Post 1");
    backend.now({ "GET /api/v1/sandbox/feed": { items: [post(3), post(1)], next: null } });
    backend.fact({ type: "effect_changed", effect: AGENT, task: AGENT, state: "sent" });
    await screen.findByText("Post 3");
  });

  it("opens a thread by keyboard, and shows its replies", async () => {
    const { address } = await renderRoom(<NetworkRoom post={null} />, script);
    await screen.findByText("Post 1");
    await userEvent.keyboard("j{Enter}");
    await waitFor(() => expect(address()).toBe("/network/p1"));
  });

  it("shows a thread", async () => {
    await renderRoom(<NetworkRoom post="p1" />, script);
    await screen.findByText("An answer");
    expect(screen.getByText("1 reply")).not.toBeNull();
  });

  it("says when nobody has posted", async () => {
    await renderRoom(<NetworkRoom post={null} />, {
      ...script,
      "GET /api/v1/sandbox/feed": { items: [], next: null },
    });
    await screen.findByText("Nobody has posted yet");
  });

  it("says when it cannot be read", async () => {
    await renderRoom(<NetworkRoom post="p9" />, {
      ...script,
      "GET /api/v1/sandbox/posts/{post}": refuse("STORE_FULL"),
    });
    expect((await screen.findByRole("alert")).textContent).toContain("could not be read");
  });

  it("lists each account once", () => {
    expect(accountsOf([post(1), post(2), post(3, { handle: "@b" })])).toEqual([
      { handle: "@agent_1", agent: AGENT, displayName: null },
      { handle: "@b", agent: AGENT, displayName: null },
    ]);
  });
});

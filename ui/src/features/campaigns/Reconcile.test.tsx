// Proves that a person can say, of an unknown outcome, that it went out or that it did not, and that nobody is asked
// of any other.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { EffectsList } from "./EffectsList";

const EFFECT = {
  id: "e1",
  campaign: "c1",
  task: "t1",
  agent: { id: "a1", name: "Mara Voss", initials: "MV" },
  artifact: "f1",
  action: {
    tool: "sandbox.post_content",
    effect: "outward",
    arguments: { content: { text: "Grind slower." } },
    schema_hash: `sha256:${"0".repeat(64)}`,
    platform: "sandbox",
    account: "@mara_voss",
  },
  approval: {
    kind: "by_rule",
    actor: { kind: "system", id: "policy", name: null },
    review: null,
    digest: `sha256:${"0".repeat(64)}`,
    created_at: "2026-05-21T08:00:00Z",
    expires_at: "2026-05-22T08:00:00Z",
  },
  state: "pending_reconciliation",
  can_undo: false,
  held_until: "2026-05-21T08:00:08Z",
  not_before: "2026-05-21T08:00:08Z",
  attempts: 0,
  receipt: null,
  fault: { code: "MCP_TIMEOUT", class: "transient", message: "No answer.", retry_after_ms: null },
  version: "ev1",
  created_at: "2026-05-21T08:00:00Z",
  updated_at: "2026-05-21T08:00:30Z",
};
const LIST = "GET /api/v1/campaigns/{campaign}/effects";
const POST = "POST /api/v1/effects/{effect}/reconcile";

async function shown(state: string, me = OWNER) {
  const { backend } = await renderRoom(
    <EffectsList campaign="c1" />,
    {
      [LIST]: { items: [{ ...EFFECT, state }], next: null },
      [POST]: { ...EFFECT, state: "sent" },
    },
    { me },
  );
  await screen.findByText("Grind slower.");
  return backend;
}

async function say(button: string, dialog: string, url?: string) {
  await userEvent.click(screen.getByRole("button", { name: button }));
  const asked = await screen.findByRole("dialog", { name: dialog });
  expect(asked.textContent).toContain("@mara_voss");
  if (url) await userEvent.type(screen.getByLabelText(/Address of the post/), url);
  const confirm = screen.getAllByRole("button", { name: button }).at(-1) as HTMLElement;
  await userEvent.click(confirm);
}

describe("an outcome that nobody knows", () => {
  it("is settled as sent, with where it can be seen", async () => {
    const backend = await shown("pending_reconciliation");
    await say("It went out", "It went out?", "https://network.example/p-9");
    await waitFor(() => expect(backend.writes).toHaveLength(1));
    expect(backend.writes[0]).toMatchObject({
      headers: { "if-match": '"ev1"' },
      body: { sent: true, url: "https://network.example/p-9" },
      path: { effect: "e1" },
    });
  });

  it("is settled as not sent", async () => {
    const backend = await shown("pending_reconciliation");
    await say("It did not", "It did not go out?");
    await waitFor(() => expect(backend.writes).toHaveLength(1));
    expect(backend.writes[0]?.body).toEqual({ sent: false });
  });

  it("is asked of nobody who may not decide, and of nothing whose outcome is known", async () => {
    await shown("sent");
    expect(screen.queryByRole("button", { name: "It went out" })).toBeNull();
    const may = OWNER.may.filter((group) => group !== "review_decide");
    await shown("pending_reconciliation", { ...OWNER, may });
    expect(screen.queryByRole("button", { name: "It went out" })).toBeNull();
  });
});

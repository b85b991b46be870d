// Proves that a decision outlives the page that died with it, is offered to whoever made it, and is never sent unasked.
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { sendUnsent } from "@/shared/session/unsent";
import { findLeft, wipeAll, writeDown } from "@/shared/session/written";
import { refuse, type Script } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { ReviewRoom } from "./ReviewRoom";
import { cardOf, id, reviewOf } from "./testing/cards";

const DECIDE = "POST /api/v1/reviews/{review}/decision";
const READ = "GET /api/v1/reviews/{review}";
const LEFT = "You decided this before the page closed, and it was not sent:";
const first = reviewOf(1);

function room(changes: Script = {}, me = OWNER, opened = id(2)) {
  const script: Script = {
    "GET /api/v1/reviews": { items: [first, reviewOf(2)], next: null },
    [READ]: ({ path }: { path: Record<string, string> }) =>
      cardOf(path.review === id(1) ? first : reviewOf(2)),
    "GET /api/v1/swarm/gauge": { reviews_open: 2 },
    ...changes,
  };
  return renderRoom(<ReviewRoom review={opened} />, script, { me });
}

/** What the page that died had written down of a rejection of the first item. */
function died(): void {
  writeDown({
    id: id(1),
    user: OWNER.user.id,
    title: "Rejected: factual error",
    text: "Mara Voss: Post 1",
    body: { decision: "reject", reason: "factual_error", note: "", shown: first.shown },
    until: Date.now(),
  });
  findLeft();
}

afterEach(() => {
  wipeAll();
});

const kept = () => window.localStorage.getItem("chimera.unsent");

describe("what a page left unsent", () => {
  it("is what was written down of a decision, until it is answered", async () => {
    const { backend } = await room(
      { [DECIDE]: { review: { ...first, state: "rejected" }, effect: null, verdict: null } },
      OWNER,
      id(1),
    );
    await screen.findByText("Why it is here");
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("2");
    await waitFor(() => expect(kept()).not.toBeNull());
    const [written] = JSON.parse(kept() ?? "[]");
    expect(written).toMatchObject({
      id: id(1),
      user: OWNER.user.id,
      title: "Rejected: factual error",
      body: { decision: "reject", reason: "factual_error", note: "", shown: first.shown },
    });
    await sendUnsent();
    expect(backend.writes.at(-1)?.endpoint).toBe("/api/v1/reviews/{review}/decision");
    expect(kept()).toBeNull();
  });

  it("is offered, sent by hand as it was decided, and gone", async () => {
    died();
    const { backend } = await room({
      [DECIDE]: { review: { ...first, state: "rejected" }, effect: null, verdict: null },
    });
    await screen.findByText(LEFT);
    expect(backend.writes).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Send it now" }));
    await waitFor(() => expect(screen.queryByText(LEFT)).toBeNull());
    expect(backend.writes).toHaveLength(1);
    expect(backend.writes[0]).toMatchObject({ path: { review: id(1) } });
    expect(backend.writes[0]?.headers["if-match"]).toBe('"v1"');
    expect(backend.writes[0]?.body).toEqual({
      decision: "reject",
      reason: "factual_error",
      note: "",
      shown: first.shown,
    });
    expect(kept()).toBeNull();
  });

  it("is offered in another tab once the one that held it must be gone, and not before", async () => {
    const held = (until: number) => {
      const [mine] = JSON.parse(kept() ?? "[]");
      window.localStorage.setItem(
        "chimera.unsent",
        JSON.stringify([{ ...mine, tab: "another", until }]),
      );
      findLeft();
    };
    died();
    held(Date.now() + 8_000);
    await room();
    await screen.findByText("Why it is here");
    expect(screen.queryByText(LEFT)).toBeNull();
    act(() => held(Date.now() - 60_000));
    await screen.findByText(LEFT);
  });

  it("is dropped by hand, and sent never", async () => {
    died();
    const { backend } = await room();
    await screen.findByText(LEFT);
    await userEvent.click(screen.getByRole("button", { name: "Drop it" }));
    expect(screen.queryByText(LEFT)).toBeNull();
    await sendUnsent();
    expect(backend.writes).toEqual([]);
    expect(kept()).toBeNull();
  });

  it("is not offered once the item is decided", async () => {
    died();
    await room({ [READ]: cardOf({ ...first, state: "rejected" }) });
    await waitFor(() => expect(kept()).toBeNull());
    expect(screen.queryByText(LEFT)).toBeNull();
  });

  it("says why when it comes too late", async () => {
    died();
    await room({ [DECIDE]: refuse("SHOWN_CHANGED") });
    await userEvent.click(await screen.findByRole("button", { name: "Send it now" }));
    await screen.findByText("Your earlier decision was not sent.");
    expect(screen.queryByText(LEFT)).toBeNull();
  });

  it("is shown to nobody else", async () => {
    died();
    await room({}, { ...OWNER, user: { ...OWNER.user, id: id(77) } });
    await waitFor(() => expect(kept()).toBeNull());
    expect(screen.queryByText(LEFT)).toBeNull();
  });
});

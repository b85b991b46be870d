import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { sendUnsent } from "@/shared/session/unsent";
import { refuse, type Script } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { ReviewRoom } from "./ReviewRoom";
import { cardOf, effectOf, id, reviewOf } from "./testing/cards";

const page = (...items: unknown[]) => ({ items, next: null });
const first = reviewOf(1);

function script(changes: Script = {}): Script {
  return {
    "GET /api/v1/reviews": page(first, reviewOf(2)),
    "GET /api/v1/reviews/{review}": ({ path }: { path: Record<string, string> }) =>
      cardOf(path.review === id(1) ? first : reviewOf(2)),
    "GET /api/v1/swarm/gauge": { reviews_open: 2 },
    ...changes,
  };
}

const outcome = (changes: object, effect: unknown = null) => ({
  review: { ...first, ...changes },
  effect,
  verdict: null,
});

const mine = () => ({
  by: { id: OWNER.user.id, name: OWNER.user.name },
  mine: true,
  until: new Date(Date.now() + 300_000).toISOString(),
});

async function opened(changes: Script = {}, me = OWNER) {
  const room = await renderRoom(<ReviewRoom review={id(1)} />, script(changes), { me });
  await screen.findByText("Why it is here");
  return room;
}

describe("the review room", () => {
  it("approves what it showed, by its version, goes on, and takes it back", async () => {
    const effect = effectOf(50, new Date(Date.now() + 8_000).toISOString());
    const { backend, address } = await opened({
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "approved" }, effect),
      "POST /api/v1/effects/{effect}/undo": { ...first, version: "v9" },
    });
    await userEvent.keyboard("a");
    await waitFor(() => expect(address()).toBe(`/review/${id(2)}`));
    const [sent] = backend.writes;
    expect(sent?.headers["if-match"]).toBe('"v1"');
    // What was on the screen is what is decided.
    expect(sent?.body).toEqual({ decision: "approve", shown: reviewOf(1).shown });
    await screen.findByText("Approved, on hold");
    await userEvent.keyboard("z");
    await waitFor(() => expect(address()).toBe(`/review/${id(1)}`));
    expect(backend.writes.at(-1)?.path).toEqual({ effect: id(50) });
  });

  it("says once that what was approved has left, with the way to it", async () => {
    const effect = effectOf(60, new Date(Date.now() + 8_000).toISOString());
    const approved = { ...first, state: "approved" };
    const { backend, address } = await opened({
      "POST /api/v1/reviews/{review}/decision": outcome(approved, effect),
    });
    await userEvent.keyboard("a");
    await waitFor(() => expect(address()).toBe(`/review/${id(2)}`));
    const receipt = { post_id: "p-7", url: null, received_at: "2026-05-21T08:00:09Z" };
    backend.now({
      "GET /api/v1/reviews/{review}": {
        ...cardOf(first),
        effect: { ...effect, state: "sent", receipt },
      },
    });
    const fact = { type: "effect_changed", effect: id(60), task: id(901) };
    backend.fact({ ...fact, state: "dispatching" }, { ...fact, effect: id(61), state: "failed" });
    backend.fact({ ...fact, state: "sent" }, { ...fact, state: "failed" });
    await userEvent.click(await screen.findByRole("button", { name: "See it" }));
    expect(screen.getAllByText("Published")).toHaveLength(1);
    expect(screen.queryByText("Could not be published")).toBeNull();
    expect(address()).toBe("/network/p-7");
  });

  it("writes what is typed in the panel into the note, and into no key of the room", async () => {
    const { backend } = await opened({
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "rejected" }),
    });
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("as 2 said");
    const note = screen.getByRole("textbox", { name: /In your own words/ });
    expect((note as HTMLTextAreaElement).value).toBe("as 2 said");
    expect(backend.writes).toEqual([]);
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await sendUnsent();
    expect(backend.writes[0]?.body).toEqual({
      decision: "reject",
      note: "as 2 said",
      shown: reviewOf(1).shown,
    });
  });

  it("takes a rejection back when a note goes on after its digit", async () => {
    const { backend, address } = await opened({
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "rejected" }),
    });
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("2 a claim");
    const note = await screen.findByRole("textbox", { name: /In your own words/ });
    await waitFor(() => expect((note as HTMLTextAreaElement).value).toBe("2 a claim"));
    expect(address()).toBe(`/review/${id(1)}`);
    await sendUnsent();
    expect(backend.writes).toEqual([]);
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await sendUnsent();
    expect(backend.writes).toHaveLength(1);
    expect(backend.writes[0]?.body).toEqual({
      decision: "reject",
      note: "2 a claim",
      shown: reviewOf(1).shown,
    });
  });

  it("rejects with the reason of a digit, and with nothing on other keys", async () => {
    const { backend } = await opened({
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "rejected" }),
    });
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("{Control>}1{/Control}");
    expect(backend.writes).toEqual([]);
    await userEvent.keyboard("2");
    await screen.findByText("Rejected: factual error. Not sent yet");
    expect(backend.writes).toEqual([]);
    await sendUnsent();
    expect(backend.writes).toHaveLength(1);
    expect(backend.writes[0]?.headers["if-match"]).toBe('"v1"');
    expect(backend.writes[0]?.body).toEqual({
      decision: "reject",
      reason: "factual_error",
      note: "",
      shown: reviewOf(1).shown,
    });
  });

  it("takes a rejection back before anything was sent", async () => {
    const { backend, address } = await opened();
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("1");
    await waitFor(() => expect(address()).toBe(`/review/${id(2)}`));
    await userEvent.keyboard("z");
    await waitFor(() => expect(address()).toBe(`/review/${id(1)}`));
    await sendUnsent();
    expect(backend.writes).toEqual([]);
  });

  it("takes the item while its rejection is held, and names the version that this gave it", async () => {
    const { backend } = await opened({
      "POST /api/v1/reviews/{review}/claim": { ...first, version: "v5", claim: mine() },
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "rejected" }),
    });
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("1");
    await waitFor(() => expect(backend.writes).toHaveLength(1));
    expect(backend.writes[0]?.endpoint).toBe("/api/v1/reviews/{review}/claim");
    expect(backend.writes[0]?.path).toEqual({ review: id(1) });
    await sendUnsent();
    expect(backend.writes[1]?.endpoint).toBe("/api/v1/reviews/{review}/decision");
    expect(backend.writes[1]?.headers["if-match"]).toBe('"v5"');
  });

  it("gives the item back when its held rejection is taken back", async () => {
    const { backend, address } = await opened({
      "POST /api/v1/reviews/{review}/claim": { ...first, version: "v5", claim: mine() },
      "DELETE /api/v1/reviews/{review}/claim": { ...first, version: "v6" },
    });
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("1");
    await waitFor(() => expect(address()).toBe(`/review/${id(2)}`));
    await userEvent.keyboard("z");
    await waitFor(() => expect(backend.writes).toHaveLength(2));
    expect(backend.writes[1]).toMatchObject({ method: "DELETE", path: { review: id(1) } });
  });

  it("says that a rejection was sent when it is to be taken back too late", async () => {
    const { backend, address } = await opened({
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "rejected" }),
    });
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("1");
    await waitFor(() => expect(address()).toBe(`/review/${id(2)}`));
    await sendUnsent();
    await userEvent.keyboard("z");
    await screen.findByText("Its time has passed: the rejection was sent.");
    expect(address()).toBe(`/review/${id(2)}`);
    expect(backend.writes).toHaveLength(1);
  });

  it("says later that a rejection came too late", async () => {
    await opened({ "POST /api/v1/reviews/{review}/decision": refuse("REVIEW_SETTLED") });
    await userEvent.keyboard("r");
    await screen.findByRole("dialog");
    await userEvent.keyboard("1");
    await sendUnsent();
    await screen.findByText("Not rejected");
    expect(screen.getByText(/Somebody else decided or changed it first/)).toBeTruthy();
  });

  it("says that what is approved stays while everything is stopped", async () => {
    const effect = effectOf(50, new Date(Date.now() + 8_000).toISOString());
    await opened({
      "GET /api/v1/swarm/gauge": { reviews_open: 2, stopped: true },
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "approved" }, effect),
    });
    await screen.findByText(/^Everything is stopped:/);
    await userEvent.keyboard("a");
    await screen.findByText("Approved; held until someone starts everything again");
  });

  it("says that it is a second try, who rejected the first, and why", async () => {
    const earlier = {
      review: id(30),
      text: "The first try",
      rehearsal: true,
      state: "rejected" as const,
      decided_by: { id: id(7), name: "Jonas Weber" },
      decided_at: "2026-05-21T09:00:00Z",
      note: "Who measured it?",
      reject_reason: "factual_error" as const,
      confidence: 0.8,
    };
    await opened({ "GET /api/v1/reviews/{review}": cardOf(first, { earlier: [earlier] }) });
    const said = screen.getByText(/Jonas Weber rejected try 1:/);
    expect(said.textContent).toContain("factual error. Who measured it?");
    expect(screen.getByText("Try 2")).toBeTruthy();
  });

  it("offers no other words for what is no text", async () => {
    const report = { ...first, suggested_actions: ["approve", "reject"] };
    await opened({ "GET /api/v1/reviews/{review}": cardOf(report) });
    expect(screen.getByRole("button", { name: /^Edit/ }).hasAttribute("disabled")).toBe(true);
    await userEvent.keyboard("e");
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("takes digits in the note as words", async () => {
    const { backend } = await opened({
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "rejected" }),
    });
    await userEvent.keyboard("r");
    const panel = await screen.findByRole("dialog");
    await userEvent.type(within(panel).getByRole("textbox"), "2 claims are wrong");
    await userEvent.click(within(panel).getByRole("button", { name: /off-brand/ }));
    expect(backend.writes).toEqual([]);
    await userEvent.click(within(panel).getByRole("button", { name: /with this note/ }));
    await sendUnsent();
    expect(backend.writes[0]?.body).toEqual({
      decision: "reject",
      reason: "off_brand",
      note: "2 claims are wrong",
      shown: reviewOf(1).shown,
    });
  });

  it("says what happened when the server refuses, and reads the item again", async () => {
    const { backend, address } = await opened({
      "POST /api/v1/reviews/{review}/decision": refuse("VERSION_MISMATCH"),
    });
    backend.now({
      "GET /api/v1/reviews/{review}": cardOf({
        ...first,
        state: "rejected",
        decided_by: { id: id(7), name: "Jonas Weber" },
        decided_at: "2026-05-21T09:00:00Z",
      }),
    });
    await userEvent.keyboard("a");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Not approved");
    expect(alert.textContent).toContain("Somebody else decided or changed it first");
    await screen.findByText("Rejected by Jonas Weber");
    expect(address()).toBe("/");
    expect(screen.getByRole("button", { name: /^Approve/ }).hasAttribute("disabled")).toBe(true);
  });

  it("decides nothing that somebody else looks at, and shows who does", async () => {
    const taken = {
      ...first,
      claim: {
        by: { id: id(7), name: "Jonas Weber" },
        mine: false,
        until: new Date(Date.now() + 60_000).toISOString(),
      },
    };
    const { backend } = await opened({
      "GET /api/v1/reviews": page(taken),
      "GET /api/v1/reviews/{review}": cardOf(taken),
    });
    await userEvent.keyboard("arx");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(backend.writes).toEqual([]);
    expect(screen.getByText(/Jonas Weber looks at it for another/)).not.toBeNull();
  });

  it("hears at once that somebody took an item", async () => {
    const { backend } = await opened();
    const claim = {
      by: { id: id(7), name: "Jonas Weber" },
      mine: false,
      until: new Date(Date.now() + 60_000).toISOString(),
    };
    backend.now({
      "GET /api/v1/reviews": page({ ...first, claim }),
      "GET /api/v1/reviews/{review}": cardOf({ ...first, claim }),
    });
    backend.fact({ type: "review_changed", review: id(1), campaign: id(900), state: "open" });
    await screen.findByText(/Jonas Weber looks at it for another/);
  });

  it("goes on from where the last key led, before that item is on the screen", async () => {
    const { address } = await opened();
    await userEvent.keyboard("j");
    await waitFor(() => expect(address()).toBe(`/review/${id(2)}`));
    await userEvent.keyboard("k");
    await waitFor(() => expect(address()).toBe(`/review/${id(1)}`));
  });

  it("takes and escalates by key, and moves without deciding", async () => {
    const taken = reviewOf(2, { version: "v5", claim: mine() });
    const { backend, address } = await opened({
      "POST /api/v1/reviews/{review}/claim": taken,
      "POST /api/v1/reviews/{review}/decision": outcome({ state: "escalated" }),
    });
    await userEvent.keyboard("j");
    await waitFor(() => expect(address()).toBe(`/review/${id(2)}`));
    expect(backend.writes).toEqual([]);
    backend.now({ "GET /api/v1/reviews/{review}": cardOf(taken) });
    await userEvent.keyboard("c");
    await waitFor(() => expect(backend.writes).toHaveLength(1));
    await userEvent.keyboard("x");
    const panel = await screen.findByRole("dialog", { name: "Escalate this draft" });
    expect(within(panel).getByText(/You are the only one here/)).toBeTruthy();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await userEvent.type(within(panel).getByRole("textbox"), "Legal should see it");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(backend.writes).toHaveLength(1);
    await sendUnsent();
    expect(backend.writes).toHaveLength(2);
    // The claim gave the item a new version; the decision names that one.
    expect(backend.writes[1]?.headers["if-match"]).toBe('"v5"');
    expect(backend.writes[1]?.body).toEqual({
      decision: "escalate",
      note: "Legal should see it",
      shown: reviewOf(2).shown,
    });
  });

  it("lets those look who may not decide", async () => {
    const may = OWNER.may.filter((group) => group !== "review_decide");
    const { backend } = await opened({}, { ...OWNER, may });
    await userEvent.keyboard("ac");
    expect(backend.writes).toEqual([]);
    expect(screen.getByText("Your roles let you look, not decide.")).not.toBeNull();
  });

  it("says that nothing waits, and that the queue could not be read", async () => {
    const { backend } = await renderRoom(<ReviewRoom review={null} />, {
      "GET /api/v1/reviews": page(),
      "GET /api/v1/swarm/gauge": { reviews_open: 0 },
    });
    await screen.findByText("Nothing waits for you");
    backend.now({ "GET /api/v1/reviews": refuse("STORE_FAILED") });
    await userEvent.click(screen.getByRole("button", { name: "Sensitive" }));
    expect((await screen.findByRole("alert")).textContent).toContain("The queue could not be read");
    expect(backend.asked.at(-1)?.query).toEqual({ sensitive: "true", limit: "100" });
  });

  it("opens the first of what another filter lists, so that keys act on what is in sight", async () => {
    const low = reviewOf(7);
    const { address } = await opened({
      "GET /api/v1/reviews": ({ query }: { query: Record<string, unknown> }) =>
        query.below === undefined ? page(first, reviewOf(2)) : page(low),
      "GET /api/v1/reviews/{review}": ({ path }: { path: Record<string, string> }) =>
        cardOf(path.review === id(7) ? low : first),
    });
    await userEvent.click(screen.getByRole("button", { name: /^Low conf/ }));
    await waitFor(() => expect(address()).toBe(`/review/${id(7)}`));
  });

  it("says what was decided today once nothing waits", async () => {
    const now = new Date().toISOString();
    await renderRoom(<ReviewRoom review={null} />, {
      "GET /api/v1/reviews": ({ query }: { query: Record<string, unknown> }) => {
        if (query.state === "approved") {
          const approved = (number: number) => ({
            state: "approved",
            decided_at: now,
            id: id(number),
          });
          return page({ ...first, ...approved(1) }, { ...first, ...approved(2) });
        }
        if (query.state === "rejected") {
          return page({ ...reviewOf(3), state: "rejected", decided_at: now });
        }
        return page();
      },
      "GET /api/v1/swarm/gauge": { reviews_open: 0 },
    });
    await screen.findByText("All is decided");
    expect(screen.getByText("Today: 2 approved, 1 rejected.")).toBeTruthy();
    expect(screen.getByRole("link", { name: "See what went out" })).toBeTruthy();
  });

  it("says how often one decides as the judge, once there is enough to say it of", async () => {
    const decided = (state: "approved" | "rejected", count: number, high_attention: boolean) =>
      page(
        ...Array.from({ length: count }, (_, index) => ({
          ...reviewOf(100 + index, { state, high_attention }),
          decided_by: { id: OWNER.user.id, name: OWNER.user.name },
          decided_at: "2026-05-21T08:00:00Z",
        })),
      );
    await opened({
      "GET /api/v1/reviews": ({ query }: { query: Record<string, unknown> }) => {
        if (query.state === "approved") return decided("approved", 3, false);
        if (query.state === "rejected") return decided("rejected", 2, false);
        return query.state === "edited" ? page() : page(first, reviewOf(2));
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Agreement 60%" }));
    const row = await screen.findByRole("row", { name: /^0.80 and above/ });
    expect(
      within(row)
        .getAllByRole("cell")
        .map(({ textContent }) => textContent),
    ).toEqual(["3", "2"]);
  });

  it("shows what else waits in the same shape, with the way to it, and nothing to decide them together", async () => {
    await opened();
    const other = await screen.findByRole("link", { name: /is easier on your stomach/ });
    expect(screen.getByText("1 more of the same shape waits")).toBeTruthy();
    expect(other.closest("section")?.querySelector("button")).toBeNull();
  });
});

import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { gauge as quietGauge } from "@/shared/testing/gauge";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { HomeRoom } from "./HomeRoom";

const none = { items: [], next: null };
const gauge = { ...quietGauge, alerts_open: 1 };
const mara = { id: "a1", name: "Mara Voss", initials: "MV" };
const happened = {
  approved: 0,
  edited: 0,
  rejected: 0,
  by_rule: 0,
  expired: 0,
  published: 0,
  undone: 0,
  failed: 0,
  finished: 0,
};
const brief = {
  since: "2026-05-20T08:00:00Z",
  now: "2026-05-21T08:00:00Z",
  waits: { reviews: 1, reviews_due: 0, alerts: 1, drafts: 0 },
  happened,
  complete: true,
};
const script = {
  "GET /api/v1/home": brief,
  "GET /api/v1/preferences": { values: {} },
  "GET /api/v1/swarm/gauge": gauge,
  "GET /api/v1/reviews": none,
  "GET /api/v1/effects": none,
  "GET /api/v1/publications": none,
  "GET /api/v1/alerts": none,
  "GET /api/v1/incidents": none,
  "GET /api/v1/campaigns": { items: [{ id: "c1" }], next: null },
  "GET /api/v1/connections/servers": { items: [] },
};

beforeEach(() => localStorage.clear());

it("leads a newcomer to a first campaign", async () => {
  await renderRoom(<HomeRoom />, { ...script, "GET /api/v1/campaigns": none });
  const begin = await screen.findByRole("link", { name: "Begin" });
  expect(begin.getAttribute("href")).toBe("/welcome");
});

it("lists what waits, alerts first, and says how much in all", async () => {
  await renderRoom(<HomeRoom />, {
    ...script,
    "GET /api/v1/alerts": {
      items: [
        {
          id: "al1",
          code: "BUDGET",
          title: "The budget is used up",
          detail: "Nothing more is spent today.",
          created_at: "2026-05-21T08:00:00Z",
          acknowledged_at: null,
          campaign: null,
          task: null,
        },
      ],
      next: null,
    },
    "GET /api/v1/reviews": {
      items: [
        {
          id: "r1",
          state: "open",
          agent: mara,
          preview: { type: "text", text: "Hello\u200bthere" },
          reasons: ["Names a health claim."],
          tainted: true,
          expires_at: "2099-05-21T08:00:00Z",
        },
      ],
      next: null,
    },
  });
  const review = await screen.findByRole("link", { name: /health claim/ });
  expect(review.getAttribute("href")).toBe("/review/r1");
  expect(within(review).getByText("U+200B")).toBeDefined();
  const links = screen.getAllByRole("link").map((link) => link.textContent ?? "");
  const at = (words: string) => links.findIndex((text) => text.includes(words));
  expect(at("budget is used up")).toBeLessThan(at("health claim"));
  expect(await screen.findByText(/2 things wait for you\./)).toBeDefined();
});

it("says since when everything is stopped, and why", async () => {
  await renderRoom(<HomeRoom />, {
    ...script,
    "GET /api/v1/swarm/gauge": { ...gauge, stopped: true, stop_reason: "fire drill" },
  });
  await screen.findByText("Everything is stopped: fire drill");
});

it("keeps when all was seen with the other settings, and counts from there", async () => {
  const { backend } = await renderRoom(<HomeRoom />, {
    ...script,
    "GET /api/v1/preferences": { values: { home_seen_at: "2020-01-01T00:00:00Z", theme: "dark" } },
    "PUT /api/v1/preferences": { values: {} },
  });
  await screen.findByText(/You were away for 7d/);
  await userEvent.click(screen.getByRole("button", { name: "Seen all" }));
  await waitFor(() => expect(backend.writes).toHaveLength(1));
  expect(backend.writes[0]?.body).toEqual({
    values: { theme: "dark", home_seen_at: expect.stringMatching(/^2\d{3}-.*Z$/) },
  });
});

it("takes back what is still held", async () => {
  const soon = new Date(Date.now() + 8_000).toISOString();
  const { backend } = await renderRoom(<HomeRoom />, {
    ...script,
    "GET /api/v1/effects": {
      items: [
        {
          id: "e1",
          state: "held",
          agent: mara,
          can_undo: true,
          held_until: soon,
          not_before: soon,
          created_at: soon,
          updated_at: soon,
          receipt: null,
          approval: { kind: "by_person" },
          action: { tool: "sandbox.post_content", arguments: { content: { text: "On its way" } } },
        },
      ],
      next: null,
    },
    "POST /api/v1/effects/{effect}/undo": {},
  });
  const row = (await screen.findByText("On its way")).closest("li") as HTMLElement;
  await userEvent.click(within(row).getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(backend.writes[0]?.path).toEqual({ effect: "e1" }));
});

it("reads only what the person's roles open, and shows no card for the rest", async () => {
  const me = { ...OWNER, rooms: ["home", "audit", "settings"], may: ["own", "stop", "audit_read"] };
  const told = { ...brief, happened: { ...happened, approved: 2, rejected: 1 } };
  const { backend } = await renderRoom(
    <HomeRoom />,
    { ...script, "GET /api/v1/home": told },
    { me: me as typeof OWNER },
  );
  await screen.findByText("Spend today");
  // Whoever reads the audit log is told all figures; what is not open to them is no link.
  const decided = await screen.findByText("decided by people");
  expect(decided.closest("a")).toBeNull();
  const asked = new Set(backend.asked.map(({ endpoint }) => endpoint));
  expect(asked).toEqual(
    new Set(["/api/v1/session", "/api/v1/preferences", "/api/v1/swarm/gauge", "/api/v1/home"]),
  );
  expect(screen.queryByText("Waits for you")).toBeNull();
  expect(screen.queryByText("Next out and just out")).toBeNull();
  expect(screen.queryByText(/left out/)).toBeNull();
});

it.each([
  ["what else happened", { approved: 2 }, "decided by people"],
  ["nothing else", {}, "Nothing happened that your roles let you see"],
])("says that figures are left out beside %s", async (_, figures, words) => {
  const kept = { ...happened, failed: null, finished: null, ...figures };
  await renderRoom(<HomeRoom />, { ...script, "GET /api/v1/home": { ...brief, happened: kept } });
  await screen.findByText(words);
  expect(screen.getByText("Figures that your roles do not reach are left out.")).toBeDefined();
  expect(screen.queryByText(/failed|ended|^Nothing happened$/)).toBeNull();
});

it("counts what happened, and says when there was more", async () => {
  const { backend } = await renderRoom(<HomeRoom />, {
    ...script,
    "GET /api/v1/preferences": { values: { home_seen_at: new Date(Date.now() - 5e6) } },
    "GET /api/v1/home": {
      ...brief,
      waits: { ...brief.waits, reviews_due: 2 },
      happened: { ...happened, published: 1_286, by_rule: 900, approved: 380, edited: 6 },
      complete: false,
    },
    "GET /api/v1/incidents": {
      items: [{ created_at: new Date().toISOString(), blocked: true }],
      next: null,
    },
  });
  const published = await screen.findByRole("link", { name: /1,286\+ ?published/ });
  expect(published.textContent).toContain("let go: 900 by rule, 386 by people");
  expect(screen.getByRole("link", { name: /386\+ ?decided/ }).textContent).toContain(
    "380 approved, 6 after an edit",
  );
  expect(screen.getByText("1 blocked")).toBeDefined();
  expect(screen.getByText("2 expire within the hour")).toBeDefined();
  const asked = backend.asked.find(({ endpoint }) => endpoint === "/api/v1/home");
  expect(Date.parse(asked?.query.since ?? "")).toBeLessThan(Date.now() - 4_999_000);
});

it("says what could not be read and goes on with the rest", async () => {
  await renderRoom(<HomeRoom />, { ...script, "GET /api/v1/effects": refuse("STORE_FAILED") });
  await screen.findByText("What goes out could not be read");
  expect(await screen.findByText("Nothing waits")).toBeDefined();
});

it("tells a moderator what left, by the actions that their role opens", async () => {
  const sent = {
    id: "e1",
    state: "sent",
    agent: mara,
    action: { tool: "sandbox.create_post", platform: "sandbox", arguments: { text: "It is out" } },
    approval: { kind: "by_person" },
    created_at: "2026-05-21T07:00:00Z",
    updated_at: "2026-05-21T07:00:00Z",
    held_until: "2026-05-21T07:00:00Z",
    not_before: "2026-05-21T07:00:00Z",
    receipt: { post_id: "p1", url: null, received_at: "2026-05-21T07:00:00Z" },
    can_undo: false,
  };
  const me = { ...OWNER, may: ["review_read", "review_decide"] } as typeof OWNER;
  await renderRoom(
    <HomeRoom />,
    { ...script, "GET /api/v1/effects": { items: [sent], next: null } },
    { me },
  );
  expect(await screen.findByText("It is out")).toBeTruthy();
  expect(screen.queryByText("Nothing has gone out yet")).toBeNull();
});

it("sets today's spending against the budgets of the same campaigns, and says what lies outside", async () => {
  const spent = { spend_today: "4.81", spend_of_budgets: "0.31", daily_budgets: "2.00" };
  await renderRoom(<HomeRoom />, { ...script, "GET /api/v1/swarm/gauge": { ...gauge, ...spent } });
  const meter = await screen.findByRole("meter", { name: "Spent of today’s budgets" });
  expect(meter.getAttribute("aria-valuenow")).toBe("16");
  screen.getByText("$0.31");
  screen.getByText(/\$4\.50 outside these budgets/);
});

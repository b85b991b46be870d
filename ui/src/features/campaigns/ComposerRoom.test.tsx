// Proves that a plan is saved against the version it began from, that a conflict keeps one's own steps, and that what
// the server refuses is said with the steps in it.
import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { ComposerRoom } from "./ComposerRoom";
import { forgetPlanChanges, loadAnew } from "./usePlanEdit";

const CAMPAIGN = {
  id: "c1",
  name: "Cold brew",
  goal: "One exact thing about cold brew",
  agent: { id: "a1", name: "Mara Voss", initials: "MV" },
  owner: "u1",
  status: "DRAFT",
  daily_budget: "2.00",
  feeds: ["https://brew.example"],
  platforms: ["sandbox"],
  max_posts_per_day: 3,
  relevance_threshold_percent: 75,
  progress: { open: 0, completed: 0, failed: 0, rejected: 0, cancelled: 0 },
  state_version: 1,
  fault: null,
  policy_version: 1,
  trace: "t1",
  version: "cv1",
  created_at: "2026-05-21T08:00:00Z",
  updated_at: "2026-05-21T08:00:00Z",
};
const STEP = {
  key: "research",
  title: "Find news",
  kind: "analyze_trends",
  skill: "fetch_trends",
  instructions: "",
  input: {},
  platform: null,
  priority: 50,
  max_cost: "0.05",
  estimated_cost: "0.01",
  deadline: null,
  publish_at: null,
  needs: [],
};
const PLAN = {
  id: "p1",
  campaign: "c1",
  revision: 1,
  steps: [STEP],
  author: "rehearsal-1 (rehearsal, not an AI)",
  rationale: "Because.",
  estimated_cost: "0.01",
  max_cost: "0.05",
  posts: 0,
  version: "pv1",
  updated_at: "2026-05-21T08:00:00Z",
};
const SCRIPT = {
  "GET /api/v1/campaigns/{campaign}": CAMPAIGN,
  "GET /api/v1/campaigns/{campaign}/plan": PLAN,
  "GET /api/v1/skills": { items: [] },
};
const PUT = "PUT /api/v1/campaigns/{campaign}/plan";

async function retitled(script: object = {}) {
  const { backend } = await renderRoom(<ComposerRoom campaign="c1" />, { ...SCRIPT, ...script });
  const field = await screen.findByLabelText("Title");
  await userEvent.clear(field);
  await userEvent.type(field, "Look around");
  return backend;
}

beforeEach(() => forgetPlanChanges("c1"));

describe("the composer", () => {
  it("says what a written goal still needs before there can be a plan", async () => {
    const agent = { agent: "a1", name: "Mara Voss", initials: "MV", role: null, number: 1 };
    await renderRoom(<ComposerRoom campaign={null} />, {
      "GET /api/v1/personas": {
        items: [{ ...agent, control: "running", voice_traits: [] }],
        next: null,
      },
      "GET /api/v1/connections/feeds": { items: [] },
      "GET /api/v1/connections/tools": { items: [] },
    });
    const goal = await screen.findByLabelText("Goal, in your own words");
    expect(screen.queryByText(/At least one feed is needed/)).toBeNull();
    await userEvent.type(goal, "One post about repair");
    await screen.findByText(/At least one feed is needed/);
    expect(screen.getByRole("button", { name: /^Make a plan/ }).hasAttribute("disabled")).toBe(
      true,
    );
  });

  const PERSONAS = {
    items: [
      {
        agent: "a1",
        name: "Mara Voss",
        initials: "MV",
        role: null,
        number: 1,
        control: "running",
        voice_traits: [],
      },
    ],
    next: null,
  };
  const UNREAD = { ok: false, title: null, items: [], warnings: [], took_ms: 2, problem: "No." };

  it("carries a feed's failed test on its row, and warns at the start without refusing it", async () => {
    const { backend } = await renderRoom(<ComposerRoom campaign={null} />, {
      "GET /api/v1/personas": PERSONAS,
      "GET /api/v1/connections/feeds": { items: [] },
      "GET /api/v1/connections/tools": { items: [] },
      "POST /api/v1/connections/feeds/test": UNREAD,
    });
    await userEvent.type(await screen.findByLabelText("Another feed"), "https://bad.example");
    await userEvent.click(screen.getByRole("button", { name: "Test" }));
    await screen.findByText("No.");
    await userEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(await screen.findByText(/It could not be read/)).toBeTruthy();
    expect(backend.writes).toHaveLength(1);
  });

  it("warns on the plan of feeds that cannot be read, and starts all the same", async () => {
    const { backend } = await renderRoom(<ComposerRoom campaign="c1" />, {
      ...SCRIPT,
      "POST /api/v1/connections/feeds/test": UNREAD,
      "POST /api/v1/campaigns/{campaign}/start": { ...CAMPAIGN, status: "ACTIVE" },
    });
    expect((await screen.findByRole("alert")).textContent).toContain("None of its feeds");
    await userEvent.click(screen.getByRole("button", { name: /^Start all the same/ }));
    await waitFor(() =>
      expect(backend.writes.map(({ endpoint }) => endpoint)).toContain(
        "/api/v1/campaigns/{campaign}/start",
      ),
    );
  });

  it("ticks the only feed there is, and names the networks that nothing can post to", async () => {
    await renderRoom(<ComposerRoom campaign={null} />, {
      "GET /api/v1/personas": PERSONAS,
      "GET /api/v1/connections/feeds": {
        items: [{ id: "f1", url: "https://brew.example", title: "Brew news" }],
      },
      "GET /api/v1/connections/tools": { items: [{ server: "bluesky", effect: "outward" }] },
      "POST /api/v1/connections/feeds/test": { ...UNREAD, ok: true, problem: null },
    });
    const feed = await screen.findByRole("checkbox", { name: /Brew news/ });
    expect(feed.getAttribute("aria-checked")).toBe("true");
    await screen.findByRole("checkbox", { name: "Bluesky" });
    expect(screen.queryByRole("checkbox", { name: "Mastodon" })).toBeNull();
    expect(screen.getByText(/^No server that is connected can post to Mastodon, X/)).toBeTruthy();
  });

  it("keeps what was changed and not saved for a page that is loaded anew, and for its writer only", async () => {
    await renderRoom(<ComposerRoom campaign="c1" />, SCRIPT);
    await screen.findByLabelText("Title");
    await userEvent.keyboard("{Delete}");
    await screen.findByText("0 steps");
    cleanup();
    loadAnew();
    const other = { ...OWNER, user: { ...OWNER.user, id: "somebody-else" } };
    await renderRoom(<ComposerRoom campaign="c1" />, SCRIPT, { me: other });
    await screen.findByText("1 step");
    cleanup();
    loadAnew();
    await renderRoom(<ComposerRoom campaign="c1" />, SCRIPT);
    await screen.findByText("0 steps");
    await userEvent.keyboard("z");
    await screen.findByText("1 step");
    expect(window.sessionStorage.getItem("chimera.plans")).toBeNull();
  });

  it("begins with the goal that it was opened with", async () => {
    await renderRoom(<ComposerRoom campaign={null} goal="One post about: kegs" />, {
      "GET /api/v1/personas": PERSONAS,
      "GET /api/v1/connections/feeds": { items: [] },
      "GET /api/v1/connections/tools": { items: [] },
    });
    const goal = await screen.findByLabelText("Goal, in your own words");
    expect((goal as HTMLTextAreaElement).value).toBe("One post about: kegs");
  });

  it("refuses to start while caps together are more than the day has", async () => {
    await renderRoom(<ComposerRoom campaign="c1" />, {
      ...SCRIPT,
      "GET /api/v1/campaigns/{campaign}": { ...CAMPAIGN, daily_budget: "0.04" },
    });
    await screen.findByText(/caps of \$0.05 are more than the day’s \$0.04/);
    const start = screen.getByRole("button", { name: /^Start/ });
    expect(start.hasAttribute("disabled")).toBe(true);
  });

  it("keeps what was changed and not saved for who goes elsewhere and comes back", async () => {
    await renderRoom(<ComposerRoom campaign="c1" />, SCRIPT);
    await screen.findByLabelText("Title");
    await userEvent.keyboard("{Delete}");
    await screen.findByText("0 steps");
    cleanup();
    await renderRoom(<ComposerRoom campaign="c1" />, SCRIPT);
    await screen.findByText("0 steps");
    await userEvent.keyboard("z");
    await screen.findByText("1 step");
    cleanup();
    await renderRoom(<ComposerRoom campaign="c1" />, SCRIPT);
    await screen.findByText("1 step");
    expect(screen.queryByText("not saved")).toBeNull();
  });

  it("removes the chosen step by its key, and takes that back", async () => {
    await renderRoom(<ComposerRoom campaign="c1" />, SCRIPT);
    await screen.findByLabelText("Title");
    await userEvent.keyboard("{Delete}");
    await screen.findByText("0 steps");
    expect(screen.queryByLabelText("Title")).toBeNull();
    await userEvent.keyboard("z");
    await screen.findByText("1 step");
  });

  it("names no cost where a model has no price", async () => {
    await renderRoom(<ComposerRoom campaign="c1" />, {
      ...SCRIPT,
      "GET /api/v1/campaigns/{campaign}/plan": { ...PLAN, unpriced: true },
    });
    await screen.findByText("no price is entered");
    expect(screen.queryByText("$0.01")).toBeNull();
    // Once on the foot, and on the step where the graph is drawn already.
    expect(screen.getAllByText("not known").length).toBeGreaterThan(0);
    expect(screen.getByText("likely: not known")).toBeTruthy();
  });

  it("begins like another campaign, with a persona that is still there", async () => {
    await renderRoom(<ComposerRoom campaign={null} from="c0" />, {
      "GET /api/v1/personas": PERSONAS,
      "GET /api/v1/campaigns/{campaign}": {
        ...CAMPAIGN,
        status: "FAILED",
        agent: { id: "gone", name: "Old", initials: "O" },
        daily_budget: "1.25",
      },
      "GET /api/v1/connections/feeds": { items: [] },
      "GET /api/v1/connections/tools": { items: [] },
      "POST /api/v1/connections/feeds/test": { ...UNREAD, ok: true, problem: null },
    });
    const goal = await screen.findByLabelText("Goal, in your own words");
    expect((goal as HTMLTextAreaElement).value).toBe(CAMPAIGN.goal);
    expect((screen.getByLabelText("Budget a day, at most") as HTMLInputElement).value).toBe("1.25");
    expect(screen.getByText("https://brew.example")).toBeTruthy();
    expect(screen.getByText(/persona is not there any more/)).toBeTruthy();
  });

  it("says who made the plan, and asks for one where there is none", async () => {
    const { backend } = await renderRoom(<ComposerRoom campaign="c1" />, {
      ...SCRIPT,
      "GET /api/v1/campaigns/{campaign}/plan": refuse("NOT_FOUND"),
      "POST /api/v1/campaigns/{campaign}/plan": refuse("PLANNING_FAILED", "No usable answer."),
    });
    await userEvent.click(await screen.findByRole("button", { name: "Ask for a plan" }));
    expect((await screen.findByRole("alert")).textContent).toContain("No usable answer.");
    backend.now({
      "GET /api/v1/campaigns/{campaign}/plan": PLAN,
      "POST /api/v1/campaigns/{campaign}/plan": PLAN,
    });
    await userEvent.click(screen.getByRole("button", { name: "Ask for a plan" }));
    expect(await screen.findByText(/rehearsal, not an AI/)).toBeTruthy();
  });

  it("saves against the version that it began from", async () => {
    const backend = await retitled({ [PUT]: { ...PLAN, revision: 2, version: "pv2" } });
    await userEvent.keyboard("{Control>}s{/Control}");
    await waitFor(() => expect(backend.writes).toHaveLength(1));
    const [write] = backend.writes;
    expect(write?.headers["if-match"]).toBe('"pv1"');
    expect(write?.body).toEqual({ steps: [{ ...STEP, title: "Look around" }] });
  });

  it("takes back what was typed into one field as one change", async () => {
    const backend = await retitled();
    await userEvent.click(screen.getByRole("button", { name: /^Undo/ }));
    expect((screen.getByLabelText("Title") as HTMLInputElement).value).toBe("Find news");
    expect(backend.writes).toEqual([]);
  });

  it("keeps one's own steps in a conflict, and saves them over the newer ones when told to", async () => {
    const backend = await retitled({ [PUT]: refuse("VERSION_MISMATCH") });
    const newer = { ...PLAN, revision: 2, version: "pv2", steps: [{ ...STEP, title: "Theirs" }] };
    backend.now({ "GET /api/v1/campaigns/{campaign}/plan": newer });
    backend.fact({ type: "campaign_changed", campaign: "c1", status: "DRAFT" });
    const over = await screen.findByRole("button", { name: "Save mine over it" });
    expect((screen.getByLabelText("Title") as HTMLInputElement).value).toBe("Look around");
    backend.now({ [PUT]: { ...PLAN, revision: 3, version: "pv3" } });
    await userEvent.click(over);
    await waitFor(() => expect(backend.writes.at(-1)?.headers["if-match"]).toBe('"pv2"'));
  });

  it("names the steps of a circle that the server found", async () => {
    await retitled({ [PUT]: refuse("PLAN_CYCLE", "circle", { circle: ["research", "research"] }) });
    await userEvent.click(screen.getByRole("button", { name: /^Save/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("Look around → Look around");
  });
});

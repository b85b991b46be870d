// Proves that runs are found, that a run is shown with what waits for a person, and that failures are said.
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { FAULTS } from "@/ipc/generatedFaults";
import { refuse } from "@/shared/testing/backend";
import { renderRoom } from "@/shared/testing/renderRoom";
import { TracesRoom } from "./TracesRoom";

const ROW = {
  trace: "01ab",
  name: "invoke_workflow Cold brew",
  campaign: "c1",
  started_at: "2026-05-21T08:00:00Z",
  ended_at: null,
  spans: 2,
  errors: 0,
  waits: false,
};
const TRACE = {
  trace: "01ab",
  now: "2026-05-21T08:01:00Z",
  spans: [
    {
      span: "aa",
      parent: null,
      kind: "workflow",
      name: ROW.name,
      status: "open",
      started_at: ROW.started_at,
      ended_at: null,
      attributes: { "chimera.campaign.id": "c1" },
    },
    {
      span: "bb",
      parent: "aa",
      kind: "approval",
      name: "approval",
      status: "open",
      started_at: "2026-05-21T08:00:10Z",
      ended_at: null,
      attributes: { "chimera.review.id": "r1", "chimera.review.state": "open" },
    },
  ],
};

describe("traces", () => {
  it("open the first run, say who is waited for, and lead to the review and the campaign", async () => {
    await renderRoom(<TracesRoom trace={null} span="bb" />, {
      "GET /api/v1/traces": { items: [ROW], next: null },
      "GET /api/v1/traces/{trace}": TRACE,
    });
    const review = await screen.findAllByRole("link", { name: "Open the review" });
    expect(review.map((link) => link.getAttribute("href"))).toEqual(["/review/r1", "/review/r1"]);
    const campaign = screen.getByRole("link", { name: "Open the campaign" });
    expect(campaign.getAttribute("href")).toBe("/campaigns/c1");
  });

  it("say how many steps could not be kept, and nothing where none was lost", async () => {
    const { backend } = await renderRoom(<TracesRoom trace="01ab" span={null} />, {
      "GET /api/v1/traces": { items: [ROW], next: null, spans_lost: 0 },
      "GET /api/v1/traces/{trace}": TRACE,
    });
    await screen.findByRole("link", { name: "Open the campaign" });
    expect(screen.queryByText(/could not be kept/)).toBeNull();
    backend.now({ "GET /api/v1/traces": { items: [ROW], next: null, spans_lost: 12 } });
    backend.fact({ type: "task_changed", campaign: "c1", task: "t1", state: "working" });
    expect(
      await screen.findByText(/^12 steps could not be kept since Chimera started/),
    ).toBeTruthy();
  });

  it("say that nothing matches, and that nothing has run", async () => {
    const { backend } = await renderRoom(<TracesRoom trace="01ab" span={null} />, {
      "GET /api/v1/traces": { items: [ROW], next: null },
      "GET /api/v1/traces/{trace}": TRACE,
    });
    await userEvent.type(await screen.findByRole("searchbox"), "grinder");
    expect(screen.getByText("No run matches “grinder”")).toBeTruthy();
    await userEvent.clear(screen.getByRole("searchbox"));
    backend.now({ "GET /api/v1/traces": { items: [], next: null } });
    backend.fact({ type: "task_changed", campaign: "c1", task: "t1", state: "working" });
    expect(await screen.findByText("Nothing has run yet")).toBeTruthy();
  });

  it("say what a step failed with, and what to do about it", async () => {
    const failed = {
      ...TRACE.spans[1],
      kind: "tool",
      status: "error",
      attributes: { "error.type": "TOOL_UNKNOWN", "error.message": "There is no tool 'post'" },
    };
    await renderRoom(<TracesRoom trace={null} span="bb" />, {
      "GET /api/v1/traces": { items: [ROW], next: null },
      "GET /api/v1/traces/{trace}": { ...TRACE, spans: [TRACE.spans[0], failed] },
    });
    const code = await screen.findByText("TOOL_UNKNOWN");
    expect(code.closest("div")?.textContent).toBe(
      `What went wrong There is no tool 'post'. ${FAULTS.TOOL_UNKNOWN} TOOL_UNKNOWN`,
    );
  });

  it("show how far a call is by its server's word, as a stranger's", async () => {
    const calling = {
      ...TRACE.spans[1],
      kind: "tool",
      status: "open",
      ended_at: null,
      attributes: {
        "gen_ai.tool.name": "brew.cafe_prices",
        "chimera.mcp.progress": [
          { done: 1, of: 4, message: "asked one\u202e cafe" },
          { done: 2.5, of: null, message: null },
        ],
        "chimera.mcp.progress.reports": 40,
      },
    };
    await renderRoom(<TracesRoom trace={null} span="bb" />, {
      "GET /api/v1/traces": { items: [ROW], next: null },
      "GET /api/v1/traces/{trace}": { ...TRACE, spans: [TRACE.spans[0], calling] },
    });
    const said = await screen.findByText(/progress of brew.cafe_prices/);
    const block = said.closest("div.bg-taint-soft");
    expect(block?.textContent).toContain("the last 2 of 40 reports");
    expect(block?.textContent).toContain("1 / 4  asked one");
    expect(block?.textContent).toContain("U+202E");
    expect(block?.textContent).toContain("2.5");
  });

  it("show what a model was given and what it answered, outside words marked", async () => {
    const parts = (content: string) => [{ type: "text", content }];
    const response = {
      type: "tool_call_response",
      id: "c1",
      response: "id: a, a stranger's words",
    };
    const asked = {
      ...TRACE.spans[1],
      kind: "model",
      status: "ok",
      attributes: {
        "gen_ai.system_instructions": parts("You are Mara."),
        "gen_ai.input.messages": [
          { role: "user", parts: parts("Read the feeds.") },
          { role: "tool", parts: [response] },
        ],
        "gen_ai.output.messages": [{ role: "assistant", parts: parts("One item serves.") }],
      },
    };
    await renderRoom(<TracesRoom trace={null} span="bb" />, {
      "GET /api/v1/traces": { items: [ROW], next: null },
      "GET /api/v1/traces/{trace}": { ...TRACE, spans: [TRACE.spans[0], asked] },
    });
    const under = async (title: string) =>
      (await screen.findByRole("heading", { name: title })).parentElement?.textContent;
    expect(await under("Instructions to the model")).toContain("You are Mara.");
    expect(await under("Question to the model")).toContain("Read the feeds.");
    expect(await under("Answer of the model")).toContain("One item serves.");
    const outside = screen.getByText("what a tool returned").closest("div.bg-taint-soft");
    expect(outside?.textContent).toContain("a stranger's words");
  });

  it("say when the runs cannot be read", async () => {
    await renderRoom(<TracesRoom trace={null} span={null} />, {
      "GET /api/v1/traces": refuse("INTERNAL_ERROR"),
    });
    expect((await screen.findByRole("alert")).textContent).toContain("The runs could not be read");
  });
});

// Proves that a cost that nobody knows is never shown as a figure, and that older lines can be reached.
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import type { Asked } from "@/shared/testing/backend";
import { renderRoom } from "@/shared/testing/renderRoom";
import { CallsList } from "./CallsList";

const CALLS = "GET /api/v1/campaigns/{campaign}/calls";

function call(id: string, change: Partial<Wire<"ModelCall">>): Wire<"ModelCall"> {
  return {
    id,
    task: "t1",
    role: "drafter",
    provider: "openai",
    model: "fast-model",
    rehearsal: false,
    tokens: { input: 1200, cached: 0, output: 80 },
    cost: "0.0014",
    counted: "0.0014",
    outcome: "answered",
    fault: null,
    started_at: "2026-05-21T08:00:00Z",
    ended_at: "2026-05-21T08:00:02Z",
    ...change,
  };
}

function rowOf(model: string) {
  return within(screen.getByText(model).closest("tr") as HTMLElement);
}

it("says of each call what it was for, how it ended and what it cost", async () => {
  const lost = call("c2", {
    model: "slow-model",
    tokens: null,
    cost: null,
    counted: "0.12",
    outcome: "timed_out",
    fault: "MODEL_TIMEOUT",
    task: null,
    role: "planner",
  });
  await renderRoom(<CallsList campaign="c1" tasks={[{ id: "t1", title: "Write it" }]} />, {
    [CALLS]: { items: [call("c1", {}), lost], next: null },
  });
  await screen.findByText("openai/fast-model");
  const known = rowOf("openai/fast-model");
  known.getByText("Write it");
  known.getByText("$0.0014");
  known.getByText("1,200 read, 80 written");
  const unknown = rowOf("openai/slow-model");
  unknown.getByText("not known; counts as $0.12");
  unknown.getByText("not told");
  unknown.getByText("MODEL_TIMEOUT");
  expect(screen.queryByRole("button", { name: "Older calls" })).toBeNull();
});

it("goes on to older lines", async () => {
  await renderRoom(<CallsList campaign="c1" tasks={[]} />, {
    [CALLS]: ({ query }: Asked) =>
      query.after === "older"
        ? { items: [call("c0", { model: "first-model" })], next: null }
        : { items: [call("c1", {})], next: "older" },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Older calls" }));
  await screen.findByText("openai/first-model");
  expect(screen.getAllByRole("row").length).toBe(3);
  expect(screen.queryByRole("button", { name: "Older calls" })).toBeNull();
});

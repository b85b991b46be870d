import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { withLayout } from "@/shared/testing/layout";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { AuditRoom } from "./AuditRoom";

withLayout(900, 600);

function record(id: string, action: string, change: object = {}) {
  return {
    id,
    action,
    actor: { kind: "person", id: "u1", name: "Inga Reuter" },
    status: "success",
    at: "2026-05-21T08:00:00Z",
    input: { reason: "off\u200bbrand" },
    output: null,
    agent: null,
    subject: { kind: "campaign", id: "c1", label: "Filter week" },
    overtaken: false,
    campaign: "c1",
    task: null,
    skill: null,
    trace: "t1",
    ...change,
  };
}

const page = { items: [record("1", "review.reject"), record("2", "novel.deed")], next: null };

it("walks the records by key and shows the opened one whole", async () => {
  await renderRoom(<AuditRoom />, { "GET /api/v1/audit": page });
  await screen.findByText("Draft rejected");
  await userEvent.keyboard("j");
  expect(await screen.findByText("U+200B")).toBeDefined();
  const trace = screen.getByRole("link", { name: "t1" });
  expect(trace.getAttribute("href")).toBe("/traces/t1");
  await userEvent.keyboard("j");
  // What this console has no words for stays as it is written.
  expect(screen.getByRole("heading", { name: "novel.deed" })).toBeDefined();
});

it("asks the backend for one kind of act", async () => {
  const { backend } = await renderRoom(<AuditRoom />, { "GET /api/v1/audit": page });
  await screen.findByText("Draft rejected");
  await userEvent.click(screen.getByRole("combobox", { name: "Kind of act" }));
  await userEvent.click(await screen.findByRole("option", { name: "Decisions" }));
  await waitFor(() =>
    expect(backend.asked.map(({ query }) => query)).toContainEqual({
      limit: "100",
      action: "review.",
    }),
  );
});

it("links to no room that is closed to the person", async () => {
  const rooms: typeof OWNER.rooms = ["home", "audit", "settings"];
  await renderRoom(<AuditRoom />, { "GET /api/v1/audit": page }, { me: { ...OWNER, rooms } });
  await screen.findByText("Draft rejected");
  await userEvent.keyboard("j");
  await screen.findByText("t1");
  expect(screen.queryByRole("link", { name: "t1" })).toBeNull();
});

it("says which draft a record is about, and no longer calls a settled action under way", async () => {
  const subject = { kind: "task", id: "k1", label: "Post about filters" };
  const items = [
    record("2", "effect.settle", { subject }),
    record("1", "effect.dispatch", { subject, status: "pending", overtaken: true }),
    record("0", "effect.dispatch", { status: "pending" }),
  ];
  await renderRoom(<AuditRoom />, { "GET /api/v1/audit": { items, next: null } });
  expect(await screen.findAllByText("Post about filters")).toHaveLength(2);
  expect(screen.getByText("Filter week")).toBeDefined();
  expect(screen.getAllByText("settled later")).toHaveLength(1);
  // What no later record tells of is still under way.
  expect(screen.getAllByText("under way")).toHaveLength(1);
});

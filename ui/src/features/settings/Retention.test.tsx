import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { SettingsRoom } from "./SettingsRoom";

const rule = (holding: string, days: number | null, change: object = {}) => ({
  holding,
  days,
  chosen: false,
  standard_days: days,
  least_days: 1,
  may_be_forever: true,
  rows: 0,
  held_up: null,
  ...change,
});
const kept = {
  version: 3,
  items: [
    rule("traces", 90, { rows: 12 }),
    rule("sessions", 7, { may_be_forever: false }),
    rule("audit", 365, { least_days: 365, held_up: "The log is not signed." }),
    rule("memories", null, { chosen: true }),
  ],
  most_days: 36_500,
  last_begun_at: "2026-05-21T08:00:00Z",
  last_ended_at: "2026-05-21T08:00:01Z",
  next_at: "2026-05-21T09:00:01Z",
};

async function opened(script: object = {}, me = OWNER) {
  const shown = await renderRoom(
    <SettingsRoom />,
    { "GET /api/v1/retention": kept, ...script },
    { me },
  );
  await userEvent.click(await screen.findByRole("tab", { name: "Retention" }));
  await screen.findByText("Traces");
  return shown;
}

async function dialog() {
  await userEvent.click(await screen.findByRole("button", { name: "Change" }));
  return within(await screen.findByRole("dialog"));
}

it("says how long everything is kept, what went, and what is held up", async () => {
  await opened();
  expect(screen.getByText("90 days")).toBeTruthy();
  expect(screen.getByText("12 rows went")).toBeTruthy();
  expect(screen.getByText("The log is not signed.")).toBeTruthy();
  expect(screen.getByText("for ever")).toBeTruthy();
});

it("stores what was changed and leaves defaults alone, with the version that was read", async () => {
  const { backend } = await opened({ "PUT /api/v1/retention": { ...kept, version: 4 } });
  const form = await dialog();
  const traces = form.getByLabelText("Traces");
  await userEvent.clear(traces);
  await userEvent.type(traces, "30");
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(backend.writes).toHaveLength(1));
  expect(backend.writes[0]).toMatchObject({
    body: {
      items: [
        { holding: "traces", days: 30 },
        { holding: "memories", days: null },
      ],
    },
  });
});

it("sends nothing that is out of its bounds", async () => {
  const { backend } = await opened();
  const form = await dialog();
  for (const [label, text] of [
    ["Audit log", "364"],
    ["Sessions", " "],
    ["Traces", "1.5"],
  ] as const) {
    const field = form.getByLabelText(label);
    await userEvent.clear(field);
    await userEvent.type(field, text);
  }
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  expect(form.getAllByText("365 to 36500 days; empty is for ever")).not.toHaveLength(0);
  expect(backend.writes).toHaveLength(0);
  expect(form.getByLabelText("Traces")).toBe(document.activeElement);
});

it("shows the backend's reason where it refuses", async () => {
  await opened({
    "PUT /api/v1/retention": refuse(
      "VALIDATION_ERROR",
      "finance_audit must be kept at least as long as audit. Nothing was stored.",
    ),
  });
  const form = await dialog();
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  expect((await form.findByRole("alert")).textContent).toContain("at least as long as audit");
});

it("is closed to whoever may not see the audit log, and shows without changing to whoever may", async () => {
  const viewer = { ...OWNER, may: ["own", "audit_read"] };
  await opened({}, viewer as typeof OWNER);
  expect(screen.queryByRole("button", { name: "Change" })).toBeNull();
});

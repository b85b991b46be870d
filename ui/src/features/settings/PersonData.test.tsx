import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { renderRoom } from "@/shared/testing/renderRoom";
import { PersonData } from "./PersonData";

const place = (shelf: string, stays: string | null) => ({
  shelf,
  key: "k",
  column: "text",
  text: "Jane",
  stays,
});
const bundle = {
  pseudonym: "person-0123456789ab",
  identifiers: ["jane"],
  at: "2026-05-21T08:00:00Z",
  account: null,
  places: [place("memories", null), place("memories", null), place("audit log", "the chain")],
  more: false,
  confirm: "c0ffee12",
};

async function found(script: object = {}) {
  const shown = await renderRoom(<PersonData />, {
    "POST /api/v1/persons/export": bundle,
    ...script,
  });
  await userEvent.type(screen.getByLabelText(/Identifiers/), "Jane, jane@example.org ,");
  await userEvent.click(screen.getByRole("button", { name: "Find" }));
  await screen.findByText("3 texts name this person.");
  return shown;
}

it("finds by what was typed, and says what stays and why", async () => {
  const { backend } = await found();
  expect(backend.writes[0]?.body).toEqual({ identifiers: ["Jane", "jane@example.org"] });
  const list = screen.getByRole("list", { name: "Where this person is named" });
  expect(
    within(list)
      .getAllByRole("listitem")
      .map((one) => one.textContent),
  ).toEqual(["2memories", "1audit logstays: the chain"]);
});

it("erases only with a reason and the code that was shown", async () => {
  const { backend } = await found({
    "POST /api/v1/persons/erase": { pseudonym: bundle.pseudonym, changed: {}, kept: [] },
  });
  await userEvent.click(screen.getByRole("button", { name: "Erase…" }));
  const dialog = within(await screen.findByRole("dialog"));
  const now = dialog.getByRole<HTMLButtonElement>("button", { name: "Erase for good" });
  expect(now.disabled).toBe(true);
  await userEvent.type(dialog.getByLabelText(/Reason/), "She asked for it");
  await userEvent.type(dialog.getByLabelText(/Type c0ffee12/), "c0ffee1");
  expect(now.disabled).toBe(true);
  await userEvent.type(dialog.getByLabelText(/Type c0ffee12/), "2");
  await userEvent.click(now);
  await waitFor(() => expect(backend.writes).toHaveLength(2));
  expect(backend.writes[1]?.body).toEqual({
    identifiers: ["Jane", "jane@example.org"],
    reason: "She asked for it",
    confirm: "c0ffee12",
  });
});

it("says what kept it from being erased", async () => {
  await found({
    "POST /api/v1/persons/erase": refuse("LAST_ADMIN", "This is the last account."),
  });
  await userEvent.click(screen.getByRole("button", { name: "Erase…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByLabelText(/Reason/), "x");
  await userEvent.type(dialog.getByLabelText(/Type/), "c0ffee12{Enter}");
  expect((await dialog.findByRole("alert")).textContent).toContain("the last account");
});

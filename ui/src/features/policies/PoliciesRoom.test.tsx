// Proves that a stored policy that cannot be read can be replaced in the room, by its version.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { PoliciesRoom } from "./PoliciesRoom";
import { AFRESH } from "./policyDraft";

const GET = "GET /api/v1/policy";
const UNREADABLE = refuse("POLICY_UNREADABLE", "", {}, { ETag: '"6"' });
const TOPICS = ["Politics", "Health", "Finance", "Law", "Minors", "Security"];

it("takes a new policy in the place of one that cannot be read", async () => {
  const { backend } = await renderRoom(<PoliciesRoom />, {
    [GET]: UNREADABLE,
    "PUT /api/v1/policy": { version: 7, document: AFRESH, author: null, created_at: null },
  });
  await screen.findByText("The policy could not be read");
  await userEvent.click(await screen.findByRole("button", { name: "Write a new policy" }));
  const store = screen.getByRole("button", { name: /Put in force/ });
  // No topic without its terms: they would let through what the old policy held back.
  expect(store.hasAttribute("disabled")).toBe(true);
  for (const topic of TOPICS) await userEvent.type(screen.getByLabelText(topic), "word");
  await userEvent.click(store);
  await waitFor(() => expect(backend.writes).toHaveLength(1));
  expect(backend.writes[0]?.headers["if-match"]).toBe('"6"');
  expect(backend.writes[0]?.body).toMatchObject({ bands: AFRESH.bands, hold_seconds: 8 });
});

it("offers it to nobody who may not write", async () => {
  const may = OWNER.may.filter((right) => right !== "policy_write");
  await renderRoom(<PoliciesRoom />, { [GET]: UNREADABLE }, { me: { ...OWNER, may } });
  await screen.findByText("The policy could not be read");
  expect(screen.queryByRole("button", { name: "Write a new policy" })).toBeNull();
});

it("keeps what is typed when somebody else stored a readable one meanwhile", async () => {
  const { backend } = await renderRoom(<PoliciesRoom />, { [GET]: UNREADABLE });
  await userEvent.click(await screen.findByRole("button", { name: "Write a new policy" }));
  await userEvent.type(screen.getByLabelText("Politics"), "ballot");
  let answer: (policy: unknown) => void = () => {};
  const late = new Promise((resolve) => {
    answer = resolve;
  });
  backend.now({ [GET]: () => late });
  backend.fact({ type: "settings_changed", what: "policy" });
  await waitFor(() =>
    expect(backend.asked.filter(({ method }) => method === "GET").length).toBe(2),
  );
  // It is still being read while one types on.
  await userEvent.type(screen.getByLabelText("Politics"), " box");
  answer({ version: 7, document: AFRESH, author: null, created_at: null });
  await screen.findByText("Somebody changed the policy meanwhile.");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Politics").value).toBe("ballot box");
});

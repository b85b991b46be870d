// Proves that a stored policy that cannot be read can be replaced in the room, by its version.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { PoliciesRoom } from "./PoliciesRoom";
import type { Document } from "./policyDraft";

const GET = "GET /api/v1/policy";
/** What the backend says that it ships: unlike anything that the form could know by itself. */
const SHIPPED: Document = {
  bands: { auto_above: 0.93, review_from: 0.71, must_approve_from: 0.42 },
  low_band_action: "must_approve",
  sensitive: (["politics", "health", "finance", "legal", "minors", "security"] as const).map(
    (category) => ({ category, terms: [`${category} of old`] }),
  ),
  hold_seconds: 11,
  review_ttl_seconds: 3_600,
  approval_ttl_seconds: 7_200,
  claim_seconds: 240,
  max_rejections: 2,
  max_retries: 5,
  max_step_tokens: 300_000,
};
const UNREADABLE = refuse("POLICY_UNREADABLE", "", { shipped: SHIPPED }, { ETag: '"6"' });

it("takes a new policy in the place of one that cannot be read", async () => {
  const { backend } = await renderRoom(<PoliciesRoom />, {
    [GET]: UNREADABLE,
    "PUT /api/v1/policy": { version: 7, document: SHIPPED, author: null, created_at: null },
  });
  await screen.findByText("The policy could not be read");
  await userEvent.click(await screen.findByRole("button", { name: "Write a new policy" }));
  await screen.findByText(/This form begins with the policy that ships/);
  const store = screen.getByRole("button", { name: /Put in force/ });
  // No topic without its terms: they would let through what the old policy held back.
  await userEvent.clear(screen.getByLabelText("Politics"));
  expect(store.hasAttribute("disabled")).toBe(true);
  await userEvent.type(screen.getByLabelText("Politics"), "ballot");
  await userEvent.click(store);
  await waitFor(() => expect(backend.writes).toHaveLength(1));
  expect(backend.writes[0]?.headers["if-match"]).toBe('"6"');
  expect(backend.writes[0]?.body).toEqual({
    ...SHIPPED,
    sensitive: SHIPPED.sensitive.map((rule) =>
      rule.category === "politics" ? { ...rule, terms: ["ballot"] } : rule,
    ),
  });
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
  await userEvent.clear(screen.getByLabelText("Politics"));
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
  answer({ version: 7, document: SHIPPED, author: null, created_at: null });
  await screen.findByText("Somebody changed the policy meanwhile.");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Politics").value).toBe("ballot box");
});

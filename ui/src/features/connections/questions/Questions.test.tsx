import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { Questions } from "./Questions";

const field = {
  title: null,
  description: "",
  required: false,
  format: null,
  min: null,
  max: null,
  options: [],
  secret: false,
};
const question = {
  id: "5f-1",
  server: "travel",
  tool: "book",
  message: "Which seat\u202e?",
  fields: [
    { ...field, name: "name", title: "Passenger", required: true, kind: "text", max: 40 },
    { ...field, name: "age", kind: "integer" },
    { ...field, name: "bags", kind: "number" },
    { ...field, name: "meal", kind: "flag" },
    {
      ...field,
      name: "seat",
      title: "Seat",
      kind: "one",
      options: [
        { value: "w", label: "Window" },
        { value: "a", label: "Aisle" },
      ],
    },
    {
      ...field,
      name: "days",
      title: "Days",
      kind: "some",
      options: [
        { value: "mo", label: "Monday" },
        { value: "tu", label: "Tuesday\u200b" },
      ],
    },
    { ...field, name: "pin", kind: "text", secret: true },
  ],
  prefilled: { bags: 1.5, meal: false, seat: "a", days: ["tu"] },
  suspicion: "it orders the reader about",
  asked_at: "2026-05-21T08:00:00Z",
  until: "2026-05-21T08:05:00Z",
};
const ended = {
  server: "travel",
  tool: null,
  end: "expired",
  at: "2026-05-21T07:00:00Z",
};
const LIST = "GET /api/v1/connections/questions";
const GIVE = "POST /api/v1/connections/questions/{question}";

it("fills in what the server proposes, shows what hides, warns of secrets, and sends what a person made of it", async () => {
  let items = [question];
  const { backend } = await renderRoom(<Questions />, {
    [LIST]: () => ({ items, ended: [ended] }),
    [GIVE]: () => {
      items = [];
      return null;
    },
  });
  const asked = await screen.findByRole("listitem", { name: "What travel asks" });
  expect(within(asked).getByText("travel asks, in book")).toBeDefined();
  expect(within(asked).getByText("U+202E")).toBeDefined();
  expect(within(asked).getByText("U+200B")).toBeDefined();
  expect(within(asked).getByText(/it orders the reader about/)).toBeDefined();
  expect(within(asked).getByText(/It seems to ask for a password/)).toBeDefined();
  expect(screen.getByText(/cancelled, because nobody answered in time/)).toBeDefined();
  const answer = within(asked).getByRole("button", { name: "Answer" });
  expect(answer.hasAttribute("disabled"), "the name is missing").toBe(true);
  await userEvent.type(within(asked).getByLabelText("Passenger"), "Ada");
  await userEvent.type(within(asked).getByLabelText("age (optional)"), "x");
  expect(within(asked).getByText("This is no number.")).toBeDefined();
  expect(answer.hasAttribute("disabled"), "no number").toBe(true);
  await userEvent.clear(within(asked).getByLabelText("age (optional)"));
  await userEvent.click(within(asked).getByLabelText("Monday"));
  await userEvent.click(answer);
  await waitFor(() => expect(screen.queryByRole("listitem", { name: /asks$/ })).toBeNull());
  expect(backend.writes.map(({ path, body }) => [path, body])).toEqual([
    [
      { question: "5f-1" },
      {
        action: "accept",
        content: { name: "Ada", bags: 1.5, meal: false, seat: "a", days: ["mo", "tu"] },
      },
    ],
  ]);
});

it("declines, and cancels, without what was filled in", async () => {
  const { backend } = await renderRoom(<Questions />, {
    [LIST]: { items: [question], ended: [] },
    [GIVE]: null,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Decline" }));
  await waitFor(() => expect(backend.writes).toHaveLength(1));
  await userEvent.click(await screen.findByRole("button", { name: "Cancel the call" }));
  await waitFor(() =>
    expect(backend.writes.map(({ body }) => body)).toEqual([
      { action: "decline" },
      { action: "cancel" },
    ]),
  );
});

it("keeps what was typed when the answer was not taken", async () => {
  await renderRoom(<Questions />, {
    [LIST]: { items: [{ ...question, fields: [question.fields[0]] }], ended: [] },
    [GIVE]: refuse("VALIDATION_ERROR", "The answer does not fit the question."),
  });
  const name = await screen.findByLabelText("Passenger");
  await userEvent.type(name, "Ada");
  await userEvent.click(screen.getByRole("button", { name: "Answer" }));
  expect((await screen.findByRole("alert")).textContent).toContain("does not fit the question");
  expect((name as HTMLInputElement).value).toBe("Ada");
});

it("is only shown to who may not answer, and is not there when nothing is asked", async () => {
  const me = { ...OWNER, may: OWNER.may.filter((one) => one !== "connection_answer") };
  await renderRoom(<Questions />, { [LIST]: { items: [question], ended: [] } }, { me });
  expect(await screen.findByText("An admin or an operator answers it.")).toBeDefined();
  expect(screen.queryByRole("button")).toBeNull();
});

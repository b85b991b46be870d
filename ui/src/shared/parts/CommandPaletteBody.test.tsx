// Proves that the palette finds things by their words, goes there, and reads nothing before somebody types.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderRoom } from "@/shared/testing/renderRoom";
import { PaletteList } from "./CommandPaletteBody";

const page = (...items: unknown[]) => ({ items, next: null });

it("finds a campaign by words of its goal, and goes to it", async () => {
  const { backend, address } = await renderRoom(<PaletteList onRan={() => {}} />, {
    "GET /api/v1/campaigns": page(
      { id: "c1", name: "Night trains", goal: "Tell commuters about sleepers", status: "ACTIVE" },
      { id: "c2", name: "Repair cafés", goal: "Tell people who mend things", status: "DRAFT" },
    ),
    "GET /api/v1/personas": page(),
    "GET /api/v1/reviews": page(),
    "GET /api/v1/traces": page(),
  });
  const field = screen.getByRole("combobox");
  expect(backend.asked).toEqual([]);
  await userEvent.type(field, "sleepers");
  expect(await screen.findByText("Night trains")).toBeTruthy();
  expect(screen.queryByText("Repair cafés")).toBeNull();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(address()).toBe("/campaigns/c1"));
});

it("does not say that nothing matches before it has looked, and says how far it looked", async () => {
  let answer: (rows: unknown) => void = () => {};
  const late = new Promise((resolve) => {
    answer = resolve;
  });
  await renderRoom(<PaletteList onRan={() => {}} />, {
    "GET /api/v1/campaigns": () => late,
    "GET /api/v1/personas": page(),
    "GET /api/v1/reviews": page(),
    "GET /api/v1/traces": page(),
  });
  await userEvent.type(screen.getByRole("combobox"), "sleepers");
  await screen.findByText("Searching…");
  expect(screen.queryByText(/Nothing matches/)).toBeNull();
  answer({ items: [], next: "older" });
  await screen.findByText("Nothing matches “sleepers”");
  expect(screen.getByText("Campaigns: searched among the newest 200")).toBeTruthy();
  expect(screen.queryByText("Searching…")).toBeNull();
});

it("pauses a campaign for who writes the verb, and never for who looks for its name", async () => {
  const { backend } = await renderRoom(<PaletteList onRan={() => {}} />, {
    "GET /api/v1/campaigns": page(
      { id: "c1", name: "Night trains", goal: "Sleepers", status: "ACTIVE", version: "v3" },
      { id: "c2", name: "Night buses", goal: "Seats", status: "DRAFT", version: "v1" },
    ),
    "GET /api/v1/personas": page(),
    "GET /api/v1/reviews": page(),
    "GET /api/v1/traces": page(),
    "POST /api/v1/campaigns/{campaign}/pause": {},
  });
  const field = screen.getByRole("combobox");
  await userEvent.type(field, "night");
  await screen.findByText("Night trains");
  expect(screen.queryByText(/^Pause/)).toBeNull();
  await userEvent.clear(field);
  await userEvent.type(field, "pause night");
  await screen.findByText("Pause Night trains");
  expect(screen.queryByText("Pause Night buses")).toBeNull();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(backend.writes).toHaveLength(1));
  expect(backend.writes[0]?.path).toEqual({ campaign: "c1" });
  expect(backend.writes[0]?.headers["if-match"]).toBe('"v3"');
});

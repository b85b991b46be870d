import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { Room } from "@/shared/layout/Room";
import { gauge } from "@/shared/testing/gauge";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { SignedIn } from "./SignedIn";

const room = (
  <SignedIn me={OWNER}>
    <Room title="A room">{null}</Room>
  </SignedIn>
);
const script = { "GET /api/v1/swarm/gauge": gauge };
const bar = () => screen.getByRole("region", { name: "State of the system" });

it("counts anew when a fact says that something changed", async () => {
  const { backend } = await renderRoom(room, script);
  const review = await screen.findByRole("link", { name: /^Review/ });
  await waitFor(() => expect(within(review).getAllByText("1")).not.toHaveLength(0));
  backend.now({ "GET /api/v1/swarm/gauge": { ...gauge, reviews_open: 2 } });
  backend.fact({ type: "review_changed", review: "r2", campaign: "c1", state: "open" });
  await waitFor(() => expect(within(review).getAllByText("2")).not.toHaveLength(0));
  expect(within(bar()).getByText("Live")).toBeDefined();
});

it("stops with the reason, shows it, and starts again", async () => {
  const { backend } = await renderRoom(room, {
    ...script,
    "POST /api/v1/swarm/stop": { stopped: true, campaigns: 1 },
    "POST /api/v1/swarm/release": { stopped: false, campaigns: 1 },
  });
  await userEvent.click(await screen.findByRole("button", { name: /^Stop everything/ }));
  await userEvent.type(await screen.findByLabelText("Why, for the record"), "fire drill");
  backend.now({
    "GET /api/v1/swarm/gauge": { ...gauge, stopped: true, stop_reason: "fire drill" },
  });
  await userEvent.type(screen.getByLabelText("Type stop to confirm"), "stop{Enter}");
  const stopped = await screen.findByTitle("Everything is stopped: fire drill");
  expect(backend.writes[0]?.body).toEqual({ reason: "fire drill" });
  expect(backend.writes[0]?.headers["idempotency-key"]).toMatch(/^[0-9a-f]{32}$/);
  await userEvent.click(within(stopped).getByRole("button", { name: "Start again" }));
  backend.now({ "GET /api/v1/swarm/gauge": gauge });
  const ask = await screen.findByRole("dialog");
  await userEvent.click(within(ask).getByRole("button", { name: "Start again" }));
  await screen.findByRole("button", { name: /^Stop everything/ });
});

it("rings for alerts in every room", async () => {
  const alert = {
    id: "al1",
    code: "BUDGET",
    title: "The budget is used up",
    detail: "",
    created_at: "2026-05-21T08:00:00Z",
    acknowledged_at: null,
    campaign: null,
    task: null,
  };
  await renderRoom(room, {
    "GET /api/v1/swarm/gauge": { ...gauge, alerts_open: 1 },
    "GET /api/v1/alerts": { items: [alert], next: null },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Alerts, 1 to look at" }));
  await screen.findByText("The budget is used up");
});

it("begins a campaign from the palette", async () => {
  const { address } = await renderRoom(room, script);
  await screen.findByRole("heading", { name: "A room" });
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox"), "new camp{Enter}");
  await waitFor(() => expect(address()).toBe("/campaigns/new"));
});

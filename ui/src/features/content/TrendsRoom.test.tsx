// Proves that trends show what their source gives and nothing else, and that one becomes the goal of a campaign.
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { withLayout } from "@/shared/testing/layout";
import { renderRoom } from "@/shared/testing/renderRoom";
import { TrendsRoom } from "./TrendsRoom";

withLayout(1_100, 600);

const NONE = { views: null, likes: null, comments: null, shares: null, engagement_rate: null };
const trend = (id: string, title: string, more: object = {}) => ({
  id,
  platform: "web",
  topic: "cold brew",
  title,
  description: "",
  engagement_metrics: NONE,
  velocity: 1.25,
  timestamp: "2026-05-21T08:00:00Z",
  url: `https://brew.example/${id}`,
  tags: [],
  ...more,
});
const TRENDS = [
  trend("a", "Kegs & queues"),
  trend("b", "Burrs wear", { engagement_metrics: { ...NONE, likes: 12 }, url: "no address" }),
];
const shown = () => screen.getAllByRole("row").slice(1);

it("shows addresses as text, and no figure that a source does not give", async () => {
  await renderRoom(<TrendsRoom />, { "GET /api/v1/trends": { items: TRENDS, next: null } });
  await screen.findByText("Kegs & queues");
  const [kegs, burrs] = shown();
  if (!kegs || !burrs) throw new Error("not all rows are drawn");
  expect(within(kegs).getByText("https://brew.example/a").closest("a")).toBeNull();
  expect(within(kegs).getByText("brew.example")).toBeTruthy();
  expect(within(kegs).getByText("not given")).toBeTruthy();
  expect(within(kegs).getByText("1.3 an hour")).toBeTruthy();
  expect(within(burrs).getByText("12 likes")).toBeTruthy();
  expect(within(burrs).getByText("web")).toBeTruthy();
});

it("begins a campaign about one, and goes through them by keys", async () => {
  const { address } = await renderRoom(<TrendsRoom />, {
    "GET /api/v1/trends": { items: TRENDS, next: null },
  });
  await screen.findByText("Kegs & queues");
  await userEvent.keyboard("jj");
  expect(shown().map((row) => row.getAttribute("aria-current"))).toEqual([null, "true"]);
  await userEvent.keyboard("k");
  expect(shown().map((row) => row.getAttribute("aria-current"))).toEqual(["true", null]);
  const [first] = screen.getAllByRole("link", { name: "Make a brief" });
  if (!first) throw new Error("no link");
  await userEvent.click(first);
  const asked = new URL(address(), "https://console.example");
  expect(asked.pathname).toBe("/campaigns/new");
  expect(asked.searchParams.get("goal")).toBe("One post about: Kegs & queues");
});

it("says that nothing was read yet", async () => {
  await renderRoom(<TrendsRoom />, { "GET /api/v1/trends": { items: [], next: null } });
  await screen.findByText("No feed was read yet");
});

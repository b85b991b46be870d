import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { renderRoom } from "@/shared/testing/renderRoom";
import { BudgetNote } from "./BudgetNote";

const spending = { spent: "1.234", unpriced_calls: 0, reserved: "0.00", used_up_until: null };
const campaign = (
  over: Partial<Wire<"CampaignSpending">>,
  status: Wire<"CampaignStatus"> = "ACTIVE",
) => ({ status, daily_budget: "2.00", spending: { ...spending, ...over } }) as Wire<"Campaign">;

it("says what was spent, exactly, and what of it nobody knows", async () => {
  await renderRoom(<BudgetNote campaign={campaign({ unpriced_calls: 2 })} />, {});
  expect(await screen.findByText("$1.234")).toBeDefined();
  expect(screen.getByText("$2.00")).toBeDefined();
  expect(screen.getByText(/2 calls whose cost is not known/)).toBeDefined();
  expect(screen.queryByRole("status")).toBeNull();
});

it("says that a used-up budget holds the campaign, and what lifts it", async () => {
  const used_up_until = "2026-05-22T00:00:00Z";
  await renderRoom(<BudgetNote campaign={campaign({ used_up_until })} />, {});
  const status = await screen.findByRole("status");
  expect(status.textContent).toContain("The budget of the day is used up.");
  expect(status.textContent).toContain("daily budget is raised");
  expect(within(status).getByRole("button", { name: "Change limits" })).toBeDefined();
  expect(status.querySelector("time")?.getAttribute("datetime")).toBe(used_up_until);
});

it.each(["PAUSED", "COMPLETED", "FAILED", "CANCELLED"] as const)(
  "does not promise that a campaign that is %s goes on tomorrow",
  async (status) => {
    const over = { used_up_until: "2026-05-22T00:00:00Z" };
    await renderRoom(<BudgetNote campaign={campaign(over, status)} />, {});
    expect(await screen.findByText("$1.234")).toBeDefined();
    expect(screen.queryByRole("status")).toBeNull();
  },
);

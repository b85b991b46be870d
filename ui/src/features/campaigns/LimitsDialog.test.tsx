// Proves that a person can raise the budget of a running or paused campaign, by the version that was seen, and is told
// when somebody else was first.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { hooks, type Wire } from "@/ipc/api";
import { refuse } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { CampaignActs } from "./CampaignActs";
import { changeOf, limitFlaws } from "./limits";

const ROW = {
  id: "c1",
  name: "Brew week",
  status: "ACTIVE",
  daily_budget: "2.00",
  max_posts_per_day: 3,
  version: "v1",
  spending: { spent: "2.00", unpriced_calls: 0, reserved: "0.00", used_up_until: null },
} as Wire<"Campaign">;
const GET = "GET /api/v1/campaigns/{campaign}";
const PATCH = "PATCH /api/v1/campaigns/{campaign}";

function Page() {
  const params = { path: { campaign: "c1" } };
  const { data } = hooks.useQuery("get", "/api/v1/campaigns/{campaign}", { params });
  return data && <CampaignActs campaign={data} />;
}

async function opened(row: Partial<Wire<"Campaign">>, patch: unknown) {
  const { backend } = await renderRoom(<Page />, { [GET]: { ...ROW, ...row }, [PATCH]: patch });
  await userEvent.click(await screen.findByRole("button", { name: "Change limits" }));
  return { backend, dialog: await screen.findByRole("dialog") };
}

async function type(dialog: HTMLElement, field: RegExp, text: string) {
  const input = within(dialog).getByLabelText(field);
  await userEvent.clear(input);
  await userEvent.type(input, text);
}

describe("the limits of a campaign", () => {
  it("are changed by the version that was seen, and only what was typed", async () => {
    const { backend, dialog } = await opened({ status: "PAUSED" }, { ...ROW, version: "v2" });
    const store = within(dialog).getByRole("button", { name: "Set limits" });
    expect(store.hasAttribute("disabled")).toBe(true);
    await type(dialog, /Budget a day/, "5.50");
    await userEvent.click(store);
    await waitFor(() => expect(screen.queryByRole("dialog", { name: /Change what/ })).toBeNull());
    expect(backend.writes).toHaveLength(1);
    expect(backend.writes[0]).toMatchObject({
      path: { campaign: "c1" },
      headers: { "if-match": '"v1"' },
      body: { daily_budget: "5.50" },
    });
    expect(backend.writes[0]?.body).not.toHaveProperty("max_posts_per_day");
  });

  it("are kept as typed when somebody else was first, and set over it when asked again", async () => {
    const { backend, dialog } = await opened({}, refuse("VERSION_MISMATCH"));
    await type(dialog, /Budget a day/, "5.50");
    backend.now({ [GET]: { ...ROW, version: "v7", daily_budget: "3.00", max_posts_per_day: 9 } });
    await userEvent.click(within(dialog).getByRole("button", { name: "Set limits" }));
    const alert = await within(dialog).findByRole("alert");
    await waitFor(() => expect(alert.textContent).toContain("$3.00, 9 posts a day"));
    backend.now({ [PATCH]: { ...ROW, version: "v8" } });
    await userEvent.click(within(dialog).getByRole("button", { name: "Set mine over it" }));
    await waitFor(() => expect(backend.writes).toHaveLength(2));
    expect(backend.writes[1]?.headers["if-match"]).toBe('"v7"');
    // What somebody else set meanwhile and nobody typed here stays.
    expect(backend.writes[1]?.body).toEqual({ daily_budget: "5.50" });
  });

  it("are offered to nobody who may not change it, and of nothing that is over", async () => {
    const may = OWNER.may.filter((group) => group !== "campaign_write");
    await renderRoom(<CampaignActs campaign={ROW} />, {}, { me: { ...OWNER, may } });
    expect(screen.queryByRole("button", { name: "Change limits" })).toBeNull();
    await renderRoom(<CampaignActs campaign={{ ...ROW, status: "CANCELLED" }} />, {});
    expect(screen.queryByRole("button", { name: "Change limits" })).toBeNull();
  });

  it("are looked at before they are sent", () => {
    expect(limitFlaws({ posts: "0", budget: "0" })).toEqual(["posts", "budget"]);
    expect(limitFlaws({ posts: "101", budget: "two" })).toEqual(["posts", "budget"]);
    expect(limitFlaws({ posts: "100", budget: "0.01" })).toEqual([]);
    expect(changeOf(ROW, { posts: "3", budget: "2" })).toBeNull();
    expect(changeOf(ROW, { posts: "4", budget: "2.0" })).toEqual({ max_posts_per_day: 4 });
  });
});

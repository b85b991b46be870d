import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { SettingsRoom } from "./SettingsRoom";

const KEY = {
  id: "0199f1c2-0000-7000-8000-0000000000c1",
  account: "0199f1c2-0000-7000-8000-0000000000c2",
  name: "nightly report",
  prefix: "chk_1a2b3c4d",
  roles: ["viewer"],
  created_at: "2026-05-21T08:00:00Z",
  expires_at: "2099-05-22T08:00:00Z",
  last_used_at: null,
  revoked_at: null,
};
const SECRET = `chk_${"1a2b3c4d".repeat(8)}`;
const script = {
  "GET /api/v1/setup": {
    needs_owner: false,
    version: "0.1.0",
    providers: [],
    password_min_chars: 12,
  },
  "GET /api/v1/sessions": {
    items: [
      {
        id: "0199f1c2-0000-7000-8000-0000000000d1",
        label: "browser",
        created_at: "2026-05-21T08:00:00Z",
        expires_at: "2099-05-22T08:00:00Z",
        last_used_at: null,
        here: true,
      },
    ],
    next: null,
  },
  "GET /api/v1/keys": { items: [KEY], next: null },
  "GET /api/v1/swarm/tenants": {
    items: [{ ...OWNER.tenant, created_at: "2026-05-01T08:00:00Z" }],
    next: null,
  },
};

it("shows a new key once, and lists keys by their first signs only", async () => {
  const { backend } = await renderRoom(<SettingsRoom />, {
    ...script,
    "POST /api/v1/keys": { secret: SECRET, key: KEY },
  });
  await userEvent.click(await screen.findByRole("tab", { name: "API keys" }));
  await screen.findByText("chk_1a2b3c4d…");
  await userEvent.click(screen.getByRole("button", { name: "Make a key" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("What it is for"), "nightly report");
  await userEvent.click(within(dialog).getByRole("button", { name: "Make it" }));
  expect((await screen.findByTestId("api-key")).textContent).toBe(SECRET);
  expect(backend.writes[0]?.body).toEqual({ name: "nightly report", roles: ["viewer"], days: 90 });
  await userEvent.click(screen.getByRole("button", { name: "I have it" }));
  await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
});

it("revokes a key after asking", async () => {
  const { backend } = await renderRoom(<SettingsRoom />, {
    ...script,
    "DELETE /api/v1/keys/{access_key}": null,
  });
  await userEvent.click(await screen.findByRole("tab", { name: "API keys" }));
  await userEvent.click(await screen.findByRole("button", { name: "Revoke nightly report" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("cannot be taken back");
  await userEvent.click(within(dialog).getByRole("button", { name: "Revoke" }));
  await waitFor(() => expect(backend.writes).toHaveLength(1));
  expect(backend.writes[0]).toMatchObject({ path: { access_key: KEY.id } });
});

it("makes a workspace, and says when its name is taken", async () => {
  await renderRoom(<SettingsRoom />, {
    ...script,
    "POST /api/v1/swarm/tenants": refuse("TENANT_TAKEN"),
  });
  await userEvent.click(await screen.findByRole("tab", { name: "Workspaces" }));
  await userEvent.click(await screen.findByRole("button", { name: "Make a workspace" }));
  const dialog = await screen.findByRole("dialog");
  const make = within(dialog).getByRole("button", { name: "Make it" });
  await userEvent.type(within(dialog).getByLabelText("Its name"), "Lund Tea");
  await userEvent.type(within(dialog).getByLabelText("Its name in addresses"), "lund");
  await userEvent.type(within(dialog).getByLabelText("Name of its owner"), "Erik");
  await userEvent.type(within(dialog).getByLabelText("E-mail address"), "erik@tea.example");
  await userEvent.type(within(dialog).getByLabelText("First password"), "thirty one teapots");
  await userEvent.click(make);
  expect((await screen.findByRole("alert")).textContent).toContain("already is a workspace");
});

it("shows keys and workspaces only to those who may make them", async () => {
  const may = OWNER.may.filter((group) => group !== "keys" && group !== "tenants");
  await renderRoom(<SettingsRoom />, script, { me: { ...OWNER, may } });
  expect(screen.queryByRole("tab", { name: "API keys" })).toBeNull();
  expect(screen.queryByRole("tab", { name: "Workspaces" })).toBeNull();
});

it("signs out everywhere", async () => {
  const { backend } = await renderRoom(<SettingsRoom />, {
    ...script,
    "DELETE /api/v1/sessions": null,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Sign out everywhere" }));
  await waitFor(() => expect(backend.writes).toHaveLength(1));
});

import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { usePreference } from "@/shared/hooks/usePreference";
import { refuse } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { SettingsRoom } from "./SettingsRoom";

const other = {
  ...OWNER.user,
  id: "0199f1c2-0000-7000-8000-0000000000b2",
  name: "Jonas Falk",
  email: "jonas@example.org",
  roles: ["moderator"],
};
const script = {
  "GET /api/v1/setup": {
    needs_owner: false,
    version: "0.1.0",
    providers: [],
    password_min_chars: 12,
  },
  "GET /api/v1/users": { items: [OWNER.user, other], next: null },
};

it("changes the password, and says why not", async () => {
  const { backend } = await renderRoom(<SettingsRoom />, {
    ...script,
    "PUT /api/v1/session/password": refuse("SIGN_IN_FAILED", "The password so far is wrong."),
  });
  await screen.findByText(/At least 12 characters/);
  await userEvent.type(screen.getByLabelText("The password so far"), "old one");
  await userEvent.type(screen.getByLabelText("The new one"), "a long enough one{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("so far is wrong");
  expect(backend.writes[0]?.body).toEqual({ current: "old one", new: "a long enough one" });
});

it("changes roles and closes an account in one write", async () => {
  const { backend } = await renderRoom(<SettingsRoom />, {
    ...script,
    "PUT /api/v1/users/{user}": { ...other, name: "Jonas F." },
  });
  await userEvent.click(await screen.findByRole("tab", { name: "People" }));
  await userEvent.click(await screen.findByRole("button", { name: "Change Jonas Falk" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("checkbox", { name: /Finance/ }));
  await userEvent.click(within(dialog).getByRole("switch"));
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(backend.writes).toHaveLength(1));
  expect(backend.writes[0]).toMatchObject({
    path: { user: other.id },
    body: {
      name: "Jonas Falk",
      roles: ["moderator", "finance"],
      disabled: true,
      password: null,
    },
  });
});

it("says who the last admin is", async () => {
  await renderRoom(<SettingsRoom />, {
    ...script,
    "PUT /api/v1/users/{user}": refuse("LAST_ADMIN"),
  });
  await userEvent.click(await screen.findByRole("tab", { name: "People" }));
  await userEvent.click(await screen.findByRole("button", { name: "Change Inga Reuter" }));
  await userEvent.click(await screen.findByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toContain("last active admin");
});

it("shows people only to those who may change them, and the look to everybody", async () => {
  const may = OWNER.may.filter((group) => group !== "people");
  await renderRoom(<SettingsRoom />, script, { me: { ...OWNER, may } });
  expect(screen.queryByRole("tab", { name: "People" })).toBeNull();
  await userEvent.click(await screen.findByRole("tab", { name: "Look" }));
  await userEvent.click(await screen.findByRole("button", { name: "Light" }));
  expect(usePreference.getState().theme).toBe("light");
});

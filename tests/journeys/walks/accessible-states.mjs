// axe finds nothing on what is not always there: rooms in which nothing is yet, dialogs that change or ask, what cannot
// be found or read, and a server that is gone; dark and light, in two sizes.
import { Jury } from "../support/jury.mjs";
import { OLGA } from "../support/people.mjs";
import { scene } from "../support/scene.mjs";

export const bound = 900_000;

const NOWHERE = "00000000-0000-7000-8000-000000000000";

/** Rooms before anything happened. */
async function empty(olga, jury) {
  for (const [name, address, there] of [
    ["home", "/", "Nothing waits"],
    ["review", "/review", "Nothing waits for you"],
    ["campaigns", "/campaigns", "There is no campaign yet"],
    ["traces", "/traces", "Nothing has run yet"],
    ["content", "/content", "Nothing was published yet"],
    ["trends", "/trends", "No feed was read yet"],
    ["network", "/network", "Nobody has posted yet"],
    ["incidents", "/incidents", "No alerts"],
  ]) {
    await olga.opens(address);
    await olga.sees(olga.room.getByText(there));
    await jury.looks(olga, `${name}, empty`);
  }
}

/** A keychain with one key in it, also where this machine has none. */
async function keepsAKey(page) {
  const body = {
    backend: "GNOME Keyring (Secret Service)",
    works: true,
    survives_reboot: "yes",
    problem: null,
    keys: [{ name: "openai", stored_by: OLGA.name, stored_at: new Date().toISOString() }],
    supplied: [],
    data: { form: "encrypted", variable: null },
  };
  await page.route("**/api/v1/connections/keychain", (route) => route.fulfill({ json: body }));
}

/** Dialogs: what changes something, and what asks before it does. */
async function dialogs(olga, jury, { waiting, planned }) {
  const { page } = olga;
  const dialog = page.getByRole("dialog").or(page.getByRole("alertdialog"));
  const shows = async (name, button) => {
    await olga.clicks(button.first());
    await olga.sees(dialog);
    await jury.looks(olga, name, true);
    await olga.presses("Escape");
    await olga.seesNoMore(dialog);
  };
  await olga.opens(`/campaigns/${waiting}`);
  await shows("campaign, limits", olga.button("Change limits"));
  await shows("campaign, call off", olga.button("Call off"));
  await olga.opens(`/campaigns/${planned}/plan`);
  await shows("plan again", olga.button("Plan again"));
  await keepsAKey(page);
  await olga.opens("/connections");
  await shows("provider", olga.button("Change"));
  await olga.clicks(page.getByText("prices that ship"));
  await olga.sees(page.getByRole("table", { name: "Prices that ship" }));
  await jury.looks(olga, "prices that ship");
  await shows("prices", olga.button("Enter prices"));
  await shows("replace a key", olga.button("Replace"));
  await shows("remove a key", olga.button("Remove"));
  await olga.clicks(olga.button("Test sandbox"));
  await olga.sees("It answers");
  await jury.looks(olga, "connections, a tested server");
  await olga.opens("/settings");
  await olga.clicks(page.getByRole("tab", { name: "People" }));
  await shows("edit a person", olga.button(`Change ${OLGA.name}`));
}

/** Two versions of a persona side by side. */
async function compared(world, olga, jury, { agent }) {
  await world.api.soul(agent, (text) => `${text}\nSpeaks plainly, and says where a number comes from.\n`);
  await olga.opens(`/personas/${agent}`);
  await olga.clicks(olga.button("Compare", olga.room));
  await olga.sees("v2");
  await jury.looks(olga, "persona, compared");
}

/** What there is not, and what cannot be read. */
async function lost(olga, jury) {
  olga.watch.allow(404, new RegExp(NOWHERE));
  await olga.opens("/nowhere");
  await olga.sees(olga.page.getByText("There is no such room"));
  await jury.looks(olga, "no such room");
  await olga.opens(`/campaigns/${NOWHERE}`);
  await olga.sees(olga.room.getByText("There is nothing here for you to see"));
  await jury.looks(olga, "no such campaign");
}

/** The server has gone; what was read before still stands there. */
async function offline(world, olga, jury) {
  await olga.opens("/campaigns");
  await olga.sees(olga.room.getByText("Draft"));
  olga.watch.allowLoss();
  await world.leaves();
  await olga.sees(olga.page.getByText("Offline since"));
  await jury.looks(olga, "offline");
}

export async function walk(world) {
  const jury = new Jury();
  const olga = await world.owner({ look: "system" });
  await empty(olga, jury);
  const things = await scene(world);
  await dialogs(olga, jury, things);
  await compared(world, olga, jury, things);
  await lost(olga, jury);
  await offline(world, olga, jury);
  jury.rules();
  return `${jury.looked} looks`;
}

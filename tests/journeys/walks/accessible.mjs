// axe finds nothing on any screen: every room on real data, what floats over it, the first run and signing in; dark and
// light, in two sizes; and every room once more in the colours of high contrast.
import { Jury } from "../support/jury.mjs";
import { becomesOwner, OLGA, signsIn } from "../support/people.mjs";
import { rooms } from "../support/rooms.mjs";
import { scene } from "../support/scene.mjs";
import { WIDE } from "../support/world.mjs";

export const bound = 900_000;

/** Before anybody is signed in, and the first run. */
async function entrance(world, jury) {
  const olga = await world.comes(OLGA.name, { look: "system" });
  await olga.sees(olga.heading("Welcome to Chimera"));
  await jury.looks(olga, "first run, account");
  await becomesOwner(olga, OLGA);
  await olga.sees(olga.button("Go on with the rehearsal"));
  await jury.looks(olga, "first run, model");
  await olga.clicks(olga.button("Go on with the rehearsal"));
  await olga.sees(olga.button("Make a plan"));
  await jury.looks(olga, "first run, campaign");
  const guest = await world.comes("guest", { look: "system" });
  await guest.sees(guest.heading("Sign in"));
  await jury.looks(guest, "sign in");
  return olga;
}

async function visits(olga, jury, things) {
  for (const [name, address, there] of rooms(things)) {
    await olga.opens(address);
    await olga.sees(olga.room.getByText(there));
    await jury.looks(olga, name);
  }
}

/** What opens inside a room. */
async function unfolds(olga, jury, { review, published }) {
  await olga.opens(`/review/${review}`);
  await olga.sees(olga.button("Approve"));
  await olga.presses("e");
  await olga.sees(olga.page.getByRole("textbox", { name: "Edit the text" }));
  await olga.clicks(olga.page.getByRole("textbox", { name: "Edit the text" }));
  // Shorter than what it replaces: a draft may be nearly as long as its network takes.
  await olga.presses("Control+End Control+Backspace Control+Backspace");
  await olga.writes("#Burrs");
  await olga.sees("Judged again");
  await jury.looks(olga, "review, edit");
  await olga.presses("Escape");
  await olga.clicks(olga.button("History", olga.room));
  await jury.looks(olga, "review, history");
  await olga.presses("r");
  await olga.sees(olga.page.getByRole("dialog", { name: "Reject, because it is" }));
  await jury.looks(olga, "review, reject");
  await olga.presses("Escape");
  await olga.presses("x");
  await olga.sees(olga.page.getByRole("dialog", { name: "Escalate this draft" }));
  await jury.looks(olga, "review, escalate");
  await olga.presses("Escape");
  await olga.opens(`/campaigns/${published}`);
  for (const tab of ["Posts", "Actions", "Model calls"]) {
    await olga.clicks(olga.page.getByRole("tab", { name: tab }));
    await jury.looks(olga, `campaign, ${tab.toLowerCase()}`);
  }
  await olga.opens("/traces");
  await olga.clicks(olga.page.getByRole("row", { name: "Judge" }).first());
  await olga.sees(olga.page.getByRole("region", { name: "The chosen step" }));
  await jury.looks(olga, "traces, a step");
  await olga.opens("/audit");
  await olga.clicks(olga.row("Campaign started", "Audit records").first().getByRole("button"));
  await olga.sees("What came out");
  await jury.looks(olga, "audit, a record");
  await olga.opens("/policies");
  await olga.clicks(olga.button("Change"));
  await olga.sees(olga.button("Put in force"));
  await jury.looks(olga, "policies, change");
  await olga.fills("A decided post is held for", "soon");
  await olga.sees("A whole number is needed.");
  await jury.looks(olga, "policies, a mistake");
  await olga.opens("/settings");
  for (const tab of ["Look", "Keys", "People", "API keys", "Workspaces", "About"]) {
    await olga.clicks(olga.page.getByRole("tab", { name: tab, exact: true }));
    await jury.looks(olga, `settings, ${tab.toLowerCase()}`);
  }
}

/** What floats over a room. */
async function floats(olga, jury, { planned }) {
  const shows = async (name, role, within = {}) => {
    await olga.sees(olga.page.getByRole(role, within));
    await jury.looks(olga, name, true);
    await olga.presses("Escape");
    await olga.seesNoMore(olga.page.getByRole(role, within));
  };
  await olga.opens("/");
  await olga.sees(olga.heading("Home"));
  await olga.presses("?");
  await shows("keys", "dialog");
  await olga.presses("Control+k");
  await shows("palette", "dialog");
  await olga.presses("Control+Shift+Period");
  await shows("stop", "dialog");
  await olga.clicks(olga.button("Your account"));
  await shows("account menu", "menu");
  await olga.clicks(olga.button("Alerts, none to look at"));
  await shows("alerts", "dialog");
  await olga.opens("/connections");
  await olga.clicks(olga.button("Add a feed"));
  await shows("add a feed", "dialog");
  await olga.opens("/settings");
  await olga.clicks(olga.page.getByRole("tab", { name: "People" }));
  await olga.clicks(olga.button("Add somebody"));
  await shows("add somebody", "dialog");
  for (const [tab, button] of [
    ["API keys", "Make a key"],
    ["Workspaces", "Make a workspace"],
  ]) {
    await olga.clicks(olga.page.getByRole("tab", { name: tab, exact: true }));
    await olga.clicks(olga.button(button));
    await shows(button.toLowerCase(), "dialog");
  }
  await olga.opens(`/campaigns/${planned}/plan`);
  await olga.clicks(olga.button("Connect"));
  await shows("connect", "dialog");
}

/** Every room in the third theme, which no system chooses. */
async function inContrast(world, things) {
  const jury = new Jury({ sizes: { "1400x900": WIDE }, colours: ["dark"], theme: "contrast" });
  const olga = await world.comes("high contrast", { look: "contrast" });
  await signsIn(olga, OLGA);
  for (const [name, address, there] of rooms(things)) {
    await olga.opens(address);
    await olga.sees(olga.room.getByText(there));
    await jury.looks(olga, `${name}, contrast`);
  }
  return jury;
}

export async function walk(world) {
  const jury = new Jury();
  const olga = await entrance(world, jury);
  const things = await scene(world);
  await visits(olga, jury, things);
  await unfolds(olga, jury, things);
  await floats(olga, jury, things);
  const strict = await inContrast(world, things);
  jury.rules();
  strict.rules();
  return `${jury.looked} looks, ${strict.looked} in high contrast`;
}

// Two people on one queue: each sees what the other holds, and of two decisions one counts.
import assert from "node:assert/strict";
import { Gate } from "../support/gate.mjs";
import { BEN, OLGA, signsIn } from "../support/people.mjs";
import { until } from "../support/until.mjs";

const GOAL = "One post about cold brew on tap, no health claims";
const DECISION = /\/api\/v1\/reviews\/[^/]+\/decision$/;

/** The owner makes a moderator's account, and hands the password over. */
async function invites(olga, { name, email, password }) {
  await olga.presses("Control+,");
  await olga.clicks(olga.page.getByRole("tab", { name: "People" }));
  await olga.clicks(olga.button("Add somebody"));
  const dialog = olga.page.getByRole("dialog", { name: "Add somebody" });
  await olga.fills("Name", name, dialog);
  await olga.fills("E-mail address", email, dialog);
  await olga.fills("First password", password, dialog);
  assert.equal(await dialog.getByRole("checkbox", { name: /^Moderator/ }).isChecked(), true);
  await olga.clicks(olga.button("Make the account", dialog));
  await olga.sees(`${name} may sign in now`);
}

/** Each sees who holds the item, and for how long. */
async function takesAndGivesBack(olga, ben) {
  await olga.presses("c");
  await olga.sees("Yours for");
  await ben.sees(`${OLGA.name} looks at it for another`);
  await ben.sees(ben.row("Mara Voss", "Queue").getByText(`${OLGA.name} looks at it`));
  assert.equal(await ben.button("Approve").isDisabled(), true, "Ben may decide what Olga holds");
  await ben.presses("a");
  await olga.clicks(olga.button("Give back"));
  await ben.seesNoMore(`${OLGA.name} looks at it for another`);
  await until("Ben may decide", () => ben.button("Approve").isEnabled());
}

/** Both press the key; Ben's decision is slow on its way, so that Olga's arrives first. */
async function bothDecide(olga, ben, gate) {
  ben.watch.allow(409, DECISION);
  ben.watch.allow(412, DECISION);
  const onItsWay = gate.close();
  await ben.presses("a");
  await onItsWay;
  await olga.presses("a");
  await olga.sees("Approved, on hold");
  gate.open();
  const refusal = await ben.sees(ben.page.getByRole("alert").filter({ hasText: "Not approved" }));
  return refusal.innerText();
}

export async function walk(world) {
  const olga = await world.owner();
  await invites(olga, BEN);
  await world.api.careful();
  await world.api.started(GOAL, world.feed);
  const ben = await world.comes(BEN.name);
  const gate = await Gate.before(ben.page, DECISION);
  await signsIn(ben, BEN);
  for (const person of [olga, ben]) {
    await person.presses("g r");
    await person.sees(person.row("Mara Voss", "Queue"));
    await until("it can be decided", () => person.button("Approve").isEnabled());
  }
  assert.equal(await ben.link("Connections").count(), 0, "a moderator sees an admin's room");

  await takesAndGivesBack(olga, ben);
  const words = await bothDecide(olga, ben, gate);
  assert.match(words, /Not approved\. Somebody else decided or changed it first/);
  await ben.sees(`Approved by ${OLGA.name}`);
  await until("the post is out", () => world.posted().length > 0);
  await until("nothing is under way any more", async () => {
    const { items } = await world.api.get("/api/v1/effects");
    return items.every(({ state }) => state === "sent");
  });
  assert.equal(world.posted().length, 1);
  assert.equal((await world.api.get("/api/v1/effects")).items.length, 1);
  return words.replaceAll("\n", " ");
}

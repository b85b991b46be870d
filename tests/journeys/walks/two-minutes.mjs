// Somebody who has never seen Chimera: from the first screen to a published post, with nothing but the screen. No
// script, no setting, no feed but the one that comes along; what they do is counted.
import assert from "node:assert/strict";
import { becomesOwner, OLGA } from "../support/people.mjs";

/** Clicks and keys that act, from the first screen to the post. What one writes about oneself is not among them. */
const ACTS_MAX = 10;

export async function walk(world) {
  const olga = await world.comes(OLGA.name);
  await becomesOwner(olga, OLGA);
  await olga.clicks(olga.button("Go on with the rehearsal"));
  await olga.clicks(olga.button("Find odd but true details"));
  await olga.clicks(olga.button("Make a plan"));
  await olga.sees("Nothing leaves before you start.");
  await olga.clicks(olga.button("Start"));

  await olga.clicks(await olga.sees(olga.link("Decide")));
  await olga.clicks(olga.button("Approve"));
  await olga.sees("Approved, on hold");
  await olga.clicks(await olga.sees(olga.button("See it")));
  await olga.sees(olga.room.getByRole("article").getByText("AI-generated"));

  assert.equal(world.posted().length, 1);
  const { clicks, keys, characters } = olga.acts;
  const told = `${clicks} clicks, ${keys} keys, ${characters} characters about oneself`;
  assert.ok(clicks + keys <= ACTS_MAX, told);
  return told;
}

// Rejecting sends a draft back with its reason; the third time the machine stops and calls a person.
import assert from "node:assert/strict";
import { until } from "../support/until.mjs";

const GOAL = "One post about cold brew on tap, no health claims";
const NOTE = "Say who measured it.";

/** Waits for a draft that is another one than the last, as its network will show it. */
async function nextDraft(olga, last) {
  const shown = olga.room.getByRole("article");
  const words = async () => ((await shown.count()) > 0 ? await shown.first().innerText() : "");
  return until("another draft", async () => {
    const text = (await words()).trim();
    return text !== "" && text !== last && text;
  });
}

/** Why the draft was sent back, as its history says. */
async function seesWhy(olga, words) {
  await olga.clicks(olga.button("History", olga.room));
  await olga.sees(olga.page.getByText("Sent back:").filter({ hasText: words }));
  await olga.clicks(olga.button("Draft", olga.room));
}

export async function walk(world) {
  const olga = await world.owner();
  await world.api.careful();
  await olga.presses("g r");
  await olga.sees("Nothing waits for you");
  await world.api.started(GOAL, world.feed);

  const panel = olga.page.getByRole("dialog", { name: "Reject, because it is" });
  const first = await nextDraft(olga, "");
  await olga.presses("r");
  await olga.sees(panel);
  await olga.presses("1");
  await olga.sees("Rejected: off-brand tone. Not sent yet");

  const second = await nextDraft(olga, first);
  await seesWhy(olga, "off-brand tone");
  await olga.presses("r");
  await olga.sees(panel);
  await olga.fills("In your own words, for the writer", NOTE, panel);
  await olga.presses("Control+Enter");
  await olga.seesNoMore(panel);

  const third = await nextDraft(olga, second);
  assert.notEqual(third, first, "written again word for word");
  await seesWhy(olga, NOTE);
  await olga.presses("r");
  await olga.sees(panel);
  await olga.presses("2");
  await olga.sees("Nothing waits for you");

  await olga.clicks(await olga.sees(olga.button("Alerts, 1 to look at")));
  await olga.clicks(olga.link("All alerts"));
  await olga.sees(olga.page.getByText("REJECTED_REPEATEDLY"));
  assert.deepEqual(world.posted(), []);
}

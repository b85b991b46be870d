// What a person tells an agent is remembered, found again with where it came from, and forgotten for a reason that stands
// on record; and the console says plainly how memories are found.
import assert from "node:assert/strict";
import { Jury } from "../support/jury.mjs";
import { until } from "../support/until.mjs";

const GOAL = "One post about cold brew on tap, no health claims";
const NOTE = "Never praise the machine, praise the cup.";
const REASON = "It was said in jest.";

export const settings = { CHIMERA_KEYCHAIN: "none" };

/** Waits until the agent remembers what the person said. */
async function remembered(world, agent) {
  const path = `/api/v1/personas/${agent}/memories?kind=fact`;
  return until("the note is remembered", async () =>
    (await world.api.get(path)).items.find(({ text }) => text === NOTE),
  );
}

export async function walk(world) {
  const jury = new Jury();
  const olga = await world.owner({ look: "system" });
  await world.api.careful();
  const campaign = await world.api.started(GOAL, world.feed);
  const review = await world.api.review(campaign);
  await world.api.post(`/api/reject/${review.task}`, { reason: "off_brand", note: NOTE });
  const [{ agent, name }] = (await world.api.get("/api/v1/personas")).items;
  const lesson = await remembered(world, agent);
  assert.equal(lesson.task.campaign, campaign, "it does not say where it was learned");

  await olga.opens(`/personas/${agent}`);
  await olga.sees(olga.heading(name));
  await olga.clicks(olga.button("Memory"));
  await olga.sees(NOTE);
  await olga.sees("lexical: by words alone");
  await jury.looks(olga, "persona, memory");

  const list = olga.page.getByRole("list", { name: "What it remembers" });
  const search = olga.page.getByRole("searchbox", { name: "Search what it remembers" });
  await search.fill("praise of machines");
  await olga.sees(olga.page.getByText(/^fits \d+ %$/).first());
  await olga.sees(list.getByText(NOTE));
  await jury.looks(olga, "persona, memory, searched");
  await search.fill("submarine");
  await olga.sees("Nothing fits");
  await search.fill("");
  await olga.clicks(olga.button("Learned"));
  await olga.sees(list.getByText(NOTE));

  await olga.clicks(olga.button(`Forget: ${NOTE.slice(0, 40)}`));
  const dialog = olga.page.getByRole("dialog", { name: "Forget this memory?" });
  await olga.sees(dialog);
  assert.equal(await dialog.getByRole("button", { name: "Forget" }).isDisabled(), true);
  await olga.fills("Why", REASON, dialog);
  await jury.looks(olga, "forget a memory", true);
  await olga.clicks(dialog.getByRole("button", { name: "Forget" }));
  // While it is open, nothing behind it is there for anybody who asks by role.
  await olga.seesNoMore(dialog);
  await olga.seesNoMore(list.getByText(NOTE));

  const { items } = await world.api.get("/api/v1/audit?action=memory.forget");
  assert.equal(items.length, 1, "it is not on record");
  assert.equal(items[0].output.reason, REASON);
  assert.equal(JSON.stringify(items[0]).includes(NOTE), false, "the record repeats what was forgotten");
  await olga.opens("/audit");
  await olga.sees("Memory forgotten");

  await olga.opens("/connections");
  await olga.clicks(olga.button("Test what agents remember with"));
  await olga.sees(olga.page.getByText(/memories can be read\. There is no embedder/));
  await jury.looks(olga, "connections, memory");
  jury.rules();
  return `${jury.looked} looks`;
}

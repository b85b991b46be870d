// An owner chooses how long traces are kept, is told where a choice is too short, finds what is kept about a person, and
// erases it: not out of work that is open, then all of it, and the audit log speaks of a pseudonym.
import assert from "node:assert/strict";
import { Jury } from "../support/jury.mjs";
import { until } from "../support/until.mjs";

const NAME = "Theodora Quill";
const GOAL = `One post about cold brew on tap, as ${NAME} asked, no health claims`;

async function choosesHowLong(olga, jury) {
  await olga.clicks(olga.button("Change", olga.room));
  const dialog = olga.page.getByRole("dialog", { name: "How long data are kept" });
  await olga.fills("Audit log", "30", dialog);
  await olga.clicks(olga.button("Save", dialog));
  const wrong = dialog.getByLabel("Audit log", { exact: true });
  assert.equal(await wrong.getAttribute("aria-invalid"), "true");
  assert.ok(await wrong.evaluate((field) => field === document.activeElement), "nobody is led to what is wrong");
  await jury.looks(olga, "retention, too short", true);
  await olga.fills("Audit log", "365", dialog);
  await olga.fills("Traces", "5", dialog);
  await olga.clicks(olga.button("Save", dialog));
  await olga.seesNoMore(dialog);
  await olga.sees(olga.row("Traces").getByText("5 days"));
  await jury.looks(olga, "retention");
}

async function finds(olga) {
  await olga.fills("Identifiers, with commas between them", NAME);
  await olga.clicks(olga.button("Find", olga.room));
  await olga.sees(olga.page.getByRole("list", { name: "Where this person is named" }));
}

async function erases(olga, jury) {
  await olga.clicks(olga.button("Erase…", olga.room));
  const dialog = olga.page.getByRole("dialog", { name: "Erase this person's data" });
  await olga.fills("Reason, for the audit log", `${NAME} asked for it`, dialog);
  const label = await dialog.getByText(/^Type [0-9a-f]{8} to confirm$/).innerText();
  await olga.fills(label, label.split(" ")[1], dialog);
  await jury.looks(olga, "a person's data, erase", true);
  await olga.clicks(olga.button("Erase for good", dialog));
  await olga.seesNoMore(dialog);
}

export async function walk(world) {
  const jury = new Jury();
  const olga = await world.owner({ look: "system" });
  await world.api.careful();
  const campaign = await world.api.started(GOAL, world.feed);
  await world.api.review(campaign);
  await olga.presses("Control+,");
  await olga.clicks(olga.page.getByRole("tab", { name: "Retention" }));
  await choosesHowLong(olga, jury);

  await finds(olga);
  await olga.sees(olga.page.getByText("stays: open work: end the campaign first").first());
  await olga.button("Erase…", olga.room).scrollIntoViewIfNeeded();
  await jury.looks(olga, "a person's data, found");
  await world.api.post(`/api/v1/campaigns/${campaign}/cancel`, {});
  // What agents remember of it is written a moment later: what was shown is what may be erased.
  let last = "";
  await until("nothing more is written", async () => {
    const { confirm } = await world.api.post("/api/v1/persons/export", { identifiers: [NAME] });
    const same = confirm === last;
    last = confirm;
    return same;
  });
  await finds(olga);
  await olga.seesNoMore(olga.page.getByText("stays: open work: end the campaign first"));
  await erases(olga, jury);

  const left = await world.api.post("/api/v1/persons/export", { identifiers: [NAME] });
  const going = left.places.filter(({ stays }) => stays === null);
  assert.deepEqual(going, []);
  await olga.opens(`/campaigns/${campaign}`);
  await olga.sees(olga.page.getByText(`[erased ${left.pseudonym}]`).first());
  const page = await olga.page.innerText("body");
  assert.ok(!page.includes(NAME), "the page of the campaign still names the person");
  await olga.opens("/audit");
  await olga.sees(olga.page.getByRole("list", { name: "Audit records" }));
  const acts = await world.api.get("/api/v1/audit?action=person.erase&limit=50");
  assert.equal(acts.items.length, 1);
  assert.ok(!JSON.stringify(acts.items).includes(NAME), "the audit log names the person");
  jury.rules();
  return `${left.places.length} texts stay, each with its ground`;
}

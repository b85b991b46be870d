// The server dies while somebody is writing an edit, and so does their page: after they return, the item waits as before,
// the words are there, and what goes out is what they wrote.
import assert from "node:assert/strict";
import { until } from "../support/until.mjs";

const GOAL = "One post about cold brew on tap for cafe owners, no health claims";
const LAST = "#OnTap";

function editor(olga) {
  return olga.page.getByRole("textbox", { name: "Edit the text" });
}

export async function walk(world) {
  const olga = await world.owner();
  await world.api.careful((policy) => {
    policy.hold_seconds = 1;
  });
  const campaign = await world.api.started(GOAL, world.feed);
  const review = await world.api.review(campaign);
  await olga.opens(`/review/${review.id}`);
  await olga.sees(olga.button("Approve"));
  await olga.presses("e");
  await olga.sees(editor(olga).and(olga.page.locator(":focus")));
  await olga.presses("Control+End Control+Backspace Control+Backspace");
  await olga.writes(LAST);
  await olga.sees(editor(olga).getByRole("insertion").filter({ hasText: "OnTap" }));
  const written = await editor(olga).innerText();

  olga.watch.allowLoss();
  await world.dies();
  await olga.sees(olga.page.getByText("Offline since"));
  assert.equal(await editor(olga).innerText(), written, "the page lost what was being written");
  await olga.opens("about:blank");
  await world.comesBack();

  const open = await world.api.get(`/api/v1/reviews?campaign=${campaign}&state=open`);
  assert.deepEqual(
    open.items.map(({ id }) => id),
    [review.id],
    "the item waits once, as before",
  );
  assert.deepEqual(world.posted(), [], "something left without a decision");
  await olga.opens(`/review/${review.id}`);
  await olga.sees(editor(olga).getByRole("insertion").filter({ hasText: "OnTap" }));
  assert.equal(await editor(olga).innerText(), written, "what was being written is gone");
  await olga.sees("Judged again");
  await olga.presses("Control+Enter");
  await olga.sees("Edit approved, on hold");
  await until("the post is out", () => world.posted().length === 1);
  assert.ok(world.posted()[0].text.endsWith(LAST), world.posted()[0].text);
  await until("the campaign ends", async () => {
    return (await world.api.get(`/api/v1/campaigns/${campaign}`)).status === "COMPLETED";
  });
  const kept = await olga.page.evaluate(() => localStorage.getItem("chimera.edits"));
  assert.equal(kept, null, "what was decided is still kept as unfinished");
}

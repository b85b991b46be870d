// A draft that would deceive the eye comes to review: what nobody sees is named, letters that pass for others are marked,
// no picture is loaded, a flood of lines pushes nothing away, and the decision is bound to the bytes that were shown.
import assert from "node:assert/strict";
import { Jury } from "../support/jury.mjs";
import { Provider } from "../support/provider.mjs";
import { until } from "../support/until.mjs";

const GOAL = "One post about cold brew on tap for cafe owners, no health claims";
const HOSTILE = [
  "Serving took 90 seconds, now 20. Pay at r\u0430ypal.example",
  ' <img src="http://198.51.100.7/x.png">',
  "\n".repeat(40),
  "The end.",
].join("");

async function takes(world, provider) {
  const settings = {
    kind: "openai-compatible",
    base_url: provider.address,
    models: { planner: "strong", worker: "fast", judge: "strong" },
    key: { place: "none" },
  };
  const answer = await world.api.ask("PUT", "/api/v1/connections/model", settings);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}

/** A field of the card as its bytes have it. */
function back({ value }) {
  return value.map(({ text, count }) => text.repeat(count)).join("");
}

async function looks(world, olga) {
  await world.api.careful();
  const campaign = await world.api.started(GOAL, world.feed);
  const review = await world.api.review(campaign);
  const card = await world.api.get(`/api/v1/reviews/${review.id}`);
  assert.equal(card.outgoing.digest, card.shown);
  const field = card.outgoing.fields.find(({ path }) => path.endsWith("text"));
  assert.equal(back(field), HOSTILE, "the card leaves out or changes a sign");

  await olga.opens(`/review/${review.id}`);
  await olga.sees("Exactly what is decided");
  const page = await olga.page.innerText("body");
  // Signs that nobody sees are sent back before a person is asked; look-alikes come this far.
  assert.ok(page.includes("Cyrillic letter that looks like a"), "the card does not name the letter");
  // Not one sign that turns or hides is on the page itself.
  const seen = await olga.page.evaluate(() => document.body.textContent);
  assert.doesNotMatch(seen, /[\u202a-\u202e\u2066-\u2069\u200b]|[\u{e0000}-\u{e007f}]/u);
  assert.equal(await olga.page.locator('img[src^="http"]').count(), 0);
  // What decides it can be reached, and so can every other field.
  for (const button of ["Approve", "Reject…"]) {
    const box = await olga.button(button).boundingBox();
    const { height } = olga.page.viewportSize();
    assert.ok(box && box.y + box.height <= height, `${button} was pushed off the screen`);
  }
  return { review, card };
}

export async function walk(world) {
  const olga = await world.owner({ look: "system" });
  const provider = await Provider.open();
  provider.writes = HOSTILE;
  try {
    await takes(world, provider);
    const { review, card } = await looks(world, olga);
    const jury = new Jury();
    await jury.looks(olga, "hostile-draft");
    jury.rules();
    // A decision on other bytes is refused; on these it is taken.
    const { etag } = await world.api.ask("GET", `/api/v1/reviews/${review.id}`);
    const decide = (shown) =>
      world.api.ask(
        "POST",
        `/api/v1/reviews/${review.id}/decision`,
        { decision: "reject", note: "It deceives.", shown },
        { "if-match": etag },
      );
    const other = await decide(`sha256:${"0".repeat(64)}`);
    assert.equal(other.body.error.code, "SHOWN_CHANGED");
    const done = await decide(card.outgoing.digest);
    assert.equal(done.status, 200, JSON.stringify(done.body));
    await until("it is decided", async () => {
      const { review: now } = await world.api.get(`/api/v1/reviews/${review.id}`);
      return now.state === "rejected";
    });
    assert.equal(world.posted().length, 0);
    return `${card.outgoing.fields.length} fields, ${card.outgoing.bytes} bytes`;
  } finally {
    await provider.close();
  }
}

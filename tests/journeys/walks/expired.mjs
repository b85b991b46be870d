// What nobody decides in time is denied, never approved.
import assert from "node:assert/strict";

const GOAL = "One post about cold brew on tap, no health claims";
/** Long enough to be seen, short enough to be waited for. */
const LIVES_S = 12;

export async function walk(world) {
  const olga = await world.owner();
  await world.api.careful((policy) => {
    policy.review_ttl_seconds = LIVES_S;
  });
  await olga.presses("g r");
  await olga.sees("Nothing waits for you");
  const campaign = await world.api.started(GOAL, world.feed);

  const row = olga.row("Mara Voss", "Queue");
  await olga.sees(row);
  await olga.sees(row.getByText("left"));
  await olga.sees("Nothing waits for you");

  await olga.clicks(olga.button("Decided today"));
  await olga.clicks(row.getByRole("link"));
  await olga.sees(olga.page.getByRole("region", { name: "The item" }).getByText("Expired"));
  assert.equal(await olga.button("Approve").isDisabled(), true, "what has expired can be approved");
  await olga.presses("a");

  const [review] = (await world.api.get(`/api/v1/reviews?campaign=${campaign}&state=expired`))
    .items;
  const late = await world.api.ask("POST", `/api/approve/${review.task}`, {});
  assert.equal(late.status, 409, JSON.stringify(late.body));
  await olga.presses("g i");
  await olga.sees(olga.page.getByText("REVIEW_EXPIRED"));
  await olga.presses("g a");
  await olga.sees(olga.row("Draft expired undecided", "Audit records"));
  assert.deepEqual(world.posted(), []);
  assert.deepEqual(await world.api.get("/api/v1/effects").then(({ items }) => items), []);
}

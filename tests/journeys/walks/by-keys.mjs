// The whole queue without the mouse: up and down it, past an item, into it, out to its run and back, and to a decision.
import assert from "node:assert/strict";
import { until } from "../support/until.mjs";

const GOAL = "Two posts about cold brew on tap for cafe owners, no health claims";

/** Where the focus is. */
function focus(olga) {
  return olga.page.locator(":focus");
}

export async function walk(world) {
  const olga = await world.owner();
  await world.api.careful();
  const campaign = await world.api.started(GOAL, world.feed);
  const path = `/api/v1/reviews?campaign=${campaign}`;
  const waiting = async () => (await world.api.get(path)).items.map(({ id }) => id);
  await until("both wait", async () => (await waiting()).length === 2);
  const [first, second] = await waiting();
  const opened = (id) => olga.page.waitForURL((url) => url.hash.endsWith(`/review/${id}`));

  await olga.opens(`/review/${first}`);
  await olga.sees(olga.row("Mara Voss", "Queue").nth(1));
  await olga.sees(olga.button("Approve"));
  await olga.presses("j");
  await opened(second);
  await olga.presses("k");
  await opened(first);
  await olga.presses("c");
  await olga.sees("Yours for");
  await olga.presses("s");
  await opened(second);
  await until("what is passed by is given back", async () => {
    const { items } = await world.api.get(path);
    return items.length === 2 && items.every(({ claim }) => claim === null);
  });
  await olga.presses("Enter");
  await olga.sees(olga.page.getByRole("region", { name: "The item" }).and(focus(olga)));
  await olga.presses("t");
  await olga.page.waitForURL((url) => url.hash.includes("/traces/"));
  const find = olga.page.getByRole("searchbox");
  await olga.sees(find);
  await olga.presses("/");
  await olga.sees(find.and(focus(olga)));
  await olga.writes("cold brew");
  await olga.presses("Escape Escape g r");
  await opened(first);
  await olga.presses("a");
  await olga.sees("Approved, on hold");
  await opened(second);
  await olga.presses("g f");
  await olga.sees(olga.page.getByRole("row", { name: "Mara Voss" }));
  await olga.presses("j Enter");
  await olga.page.waitForURL((url) => url.hash.includes("/personas/"));
  assert.equal(olga.acts.clicks, 0, "the mouse was needed");
}

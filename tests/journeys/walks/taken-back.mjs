// Undo within the hold: nothing goes out, and the item waits again.
import assert from "node:assert/strict";
import { until } from "../support/until.mjs";

const GOAL = "One post about cold brew on tap, no health claims";
/** So long that a slow machine can still press the key in time. */
const HOLD_S = 20;

export async function walk(world) {
  const olga = await world.owner();
  await world.api.careful((policy) => {
    policy.hold_seconds = HOLD_S;
  });
  await olga.presses("g r");
  await world.api.started(GOAL, world.feed);
  const row = olga.row("Mara Voss", "Queue");
  await olga.sees(row);
  await olga.sees(`Held ${HOLD_S} s`);

  await olga.presses("a");
  await olga.sees("Approved, on hold");
  await olga.seesNoMore(row);
  await olga.presses("z");
  await olga.seesNoMore("Approved, on hold");
  await olga.sees(row);
  assert.equal(await olga.button("Approve").isEnabled(), true, "it cannot be decided again");
  const effects = async () => (await world.api.get("/api/v1/effects")).items;
  assert.deepEqual(
    (await effects()).map(({ state }) => state),
    ["undone"],
  );
  assert.deepEqual(world.posted(), []);

  // The second decision outlives the time of the first: had the first gone out, there would be two.
  await olga.presses("a");
  await olga.sees("Approved, on hold");
  await until("the second decision is sent", async () =>
    (await effects()).some(({ state }) => state === "sent"),
  );
  await olga.seesNoMore("Approved, on hold");
  assert.equal(world.posted().length, 1, "what was taken back went out");
  assert.deepEqual((await effects()).map(({ state }) => state).sort(), ["sent", "undone"]);
  await olga.presses("g a");
  await olga.sees(olga.row("Decision taken back", "Audit records"));
}

// What the rehearsal model wrote says so, in words that can be read whole, wherever its text stands: while it waits, is
// held by somebody, leaves and is out; at two sizes.
import assert from "node:assert/strict";
import { until } from "../support/until.mjs";
import { readWhole } from "../support/whole.mjs";

const GOAL = "Two posts about cold brew on tap for cafe owners, no health claims";
const LABEL = "rehearsal, not an AI";
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1100, height: 720 },
];
/** So long that every screen can be looked at before it leaves. */
const HOLD_S = 60;

/** In each of the places the label stands whole, once for each text of the model. */
async function labelled(olga, screen, places) {
  for (const size of SIZES) {
    await olga.page.setViewportSize(size);
    for (const [name, place, times] of places) {
      const what = `${screen}, ${name}, ${size.width}x${size.height}`;
      // What was just decided reaches the screen by push: its lines are counted when they have arrived.
      await until(`${what}: ${times} of them`, async () => (await place.count()) === times);
      const counts = [];
      for (const one of await place.all()) {
        const seen = readWhole(one, LABEL).catch((failure) => {
          throw new Error(`${what}: ${failure.message}`);
        });
        counts.push(await seen);
      }
      assert.deepEqual(counts, Array(times).fill(1), what);
    }
  }
}

function header(olga) {
  return olga.room.locator("header").filter({ has: olga.page.getByRole("heading", { level: 2 }) });
}

/** The queue and the opened item: held by nobody, by oneself, and by somebody else. */
async function inReview(world, olga, rows) {
  const queue = olga.row("Mara Voss", "Queue");
  const places = [
    ["the item", header(olga).filter({ hasText: "Mara Voss" }), 1],
    ["the queue", queue, rows],
  ];
  await labelled(olga, "review", places);
  await olga.presses("c");
  await olga.sees("Yours for");
  await labelled(olga, "review, mine", places);
  await olga.clicks(olga.button("Give back"));
  await olga.seesNoMore("Yours for");
  // A script of the local operator is somebody else.
  const { items } = await world.api.get("/api/v1/reviews");
  for (const { id } of items) await world.api.post(`/api/v1/reviews/${id}/claim`);
  await olga.sees(olga.page.getByText("looks at it for another"));
  await labelled(olga, "review, theirs", places);
  for (const { id } of items) await world.api.ask("DELETE", `/api/v1/reviews/${id}/claim`);
  await until("it can be decided", () => olga.button("Approve").isEnabled());
}

async function outside(olga, campaign, { held, out }) {
  const card = (title) =>
    olga.room.locator("section").filter({ has: olga.page.getByRole("heading", { name: title }) });
  await olga.opens("/");
  await labelled(olga, "home", [
    ["what waits", card("Waits for you").getByRole("listitem").filter({ hasText: "Decide" }), 1],
    ["next and just out", card("Next out and just out").getByRole("listitem"), held + out],
  ]);
  await olga.opens(`/campaigns/${campaign}`);
  await olga.clicks(olga.page.getByRole("tab", { name: "Actions" }));
  const actions = olga.page.getByRole("tabpanel").getByRole("listitem");
  await labelled(olga, "actions", [["every one", actions, held + out]]);
}

export async function walk(world) {
  const olga = await world.owner();
  await world.api.careful((policy) => {
    policy.hold_seconds = HOLD_S;
  });
  const campaign = await world.api.started(GOAL, world.feed);
  await until("both wait", async () => {
    const { items } = await world.api.get(`/api/v1/reviews?campaign=${campaign}`);
    return items.length === 2;
  });
  await olga.presses("g r");
  await olga.sees(olga.button("Approve"));
  await inReview(world, olga, 2);
  await olga.clicks(olga.button("History", olga.room));
  const drafts = olga.room.getByRole("listitem").filter({ has: olga.page.getByText("Draft 1") });
  await labelled(olga, "history", [["the draft", drafts, 1]]);

  const { task } = await world.api.review(campaign);
  await world.api.post(`/api/approve/${task}`);
  await outside(olga, campaign, { held: 1, out: 0 });
  await until("the post is out", () => world.posted().length === 1, 2 * HOLD_S * 1000);
  await outside(olga, campaign, { held: 0, out: 1 });
  await olga.clicks(olga.page.getByRole("tab", { name: "Posts" }));
  const posts = olga.page.getByRole("tabpanel").getByRole("listitem");
  await labelled(olga, "posts", [["every one", posts, 1]]);
  await olga.opens("/content");
  const published = olga.room.getByRole("row").filter({ hasText: "published" });
  await labelled(olga, "content", [["every row", published, 1]]);
}

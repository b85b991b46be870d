// A provider goes down and comes back: the strip says what waits and what goes on, what is in hand loses no try to the
// silence, a draft is decided and sent meanwhile, and with the provider back everything ends with its posts.
import assert from "node:assert/strict";
import { Provider } from "../support/provider.mjs";
import { until } from "../support/until.mjs";

const FIRST = "One post about cold brew on tap for cafe owners, no health claims";
const SECOND = "One post about serving times for people who run a cafe, no health claims";

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

/** The tries of a campaign's research that count. */
async function counted(world, campaign) {
  const { items } = await world.api.get(`/api/v1/campaigns/${campaign}/tasks`);
  const research = items.find(({ kind }) => kind === "analyze_trends");
  const { attempts } = await world.api.get(`/api/v1/tasks/${research.id}`);
  return attempts.filter(({ outcome }) => outcome === "failed").length;
}

/** Approves the only draft that waits, and sees it sent. */
async function approves(world, olga, posts) {
  await olga.presses("g r");
  await olga.sees(olga.row("Mara Voss", "Queue"));
  await olga.sees(olga.button("Approve"));
  await olga.presses("a");
  await olga.sees("Approved, on hold");
  await until("the post is out", () => world.posted().length === posts);
}

async function goesDownAndComesBack(world, olga, provider) {
  await world.api.careful((policy) => {
    policy.hold_seconds = 1;
  });
  await takes(world, provider);
  const first = await world.api.started(FIRST, world.feed);
  await world.api.review(first);
  const second = await world.api.planned(SECOND, world.feed);

  provider.isDown = true;
  await world.api.post(`/api/v1/campaigns/${second}/start`);
  const strip = olga.page.getByRole("status", { name: "What does not work" });
  await olga.sees(strip.getByText("No model answers"));
  const words = await strip.innerText();
  assert.match(words, /since \d\d:\d\d: Planning, drafting and judging wait\./);
  assert.match(words, /Reviews, approvals and publishing go on\./);

  // Asked again now and then; none of that is held against the step.
  const [tries, turnedAway] = [await counted(world, second), provider.turnedAway];
  await approves(world, olga, 1);
  await until("it was looked for again", () => provider.turnedAway > turnedAway);
  assert.equal(await counted(world, second), tries, "looking for the provider cost a try");
  assert.equal((await world.api.get(`/api/v1/campaigns/${second}`)).status, "ACTIVE");
  await olga.sees(strip);

  provider.isDown = false;
  await until("the strip is gone", async () => (await strip.count()) === 0);
  await world.api.review(second);
  await approves(world, olga, 2);
  for (const campaign of [first, second]) {
    await until("the campaign ends", async () => {
      return (await world.api.get(`/api/v1/campaigns/${campaign}`)).status === "COMPLETED";
    });
  }
  const [agent] = (await world.api.get("/api/v1/swarm/agents")).items;
  assert.equal(agent.control, "running", "the agent was paused for what was not its doing");
  return `${provider.turnedAway} questions turned away, ${tries} tries counted`;
}

export async function walk(world) {
  const olga = await world.owner();
  const provider = await Provider.open();
  try {
    return await goesDownAndComesBack(world, olga, provider);
  } finally {
    await provider.close();
  }
}

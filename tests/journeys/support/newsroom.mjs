// A house at work, for the pictures: three personas, posts that went out, drafts that wait, and a plan to look at.
import { until } from "./until.mjs";

function soul({ name, id, role, traits, likes }) {
  const list = (items) => items.map((item) => `  - ${JSON.stringify(item)}`).join("\n");
  return `---
name: ${name}
id: ${id}
role: ${role}
voice_traits:
${list(traits)}
directives:
  - State only what a source says, and keep its numbers exactly.
  - Say plainly that you are an AI when anyone asks.
values:
  - A reader's minute is worth more than a reader's click.
lexicon:
${list(likes)}
forbidden:
  - game changer
---

${name} writes short posts for people who make and mend things, and was written for this work.
`;
}

const TEO = soul({
  name: "Teo Brandt",
  id: "teo-brandt",
  role: "bicycle mechanic who writes for people who ride to work",
  traits: ["plain: everyday words", "precise: a number wherever the source has one"],
  likes: ["on a wet Monday", "in plain words"],
});
const INES = soul({
  name: "Ines Ardo",
  id: "ines-ardo",
  role: "roaster who reads studies so that others need not",
  traits: ["warm: speaks to one reader", "curious: how a thing works"],
  likes: ["worth a look", "as it happens"],
});

const OUT = [
  ["mara", "One post about coffee growers and shade trees for curious readers, no health claims"],
  ["ines", "One post about paper filters and flow rate for people who brew at home"],
];
const WAITING = [
  ["ines", "Two posts about burr wear and roaster probes for home roasters, with exact numbers"],
  ["teo", "One post about cycle lanes near the market for people who ride to work"],
  ["mara", "One post about cold brew on tap for cafe owners, no health claims"],
];
const PLANNED =
  "Three posts about coffee, water and waste for people who run a small cafe; no health claims";

/** Runs a campaign to the place where a person must decide. */
async function waits(api, feed, agent, goal) {
  const campaign = await api.started(goal, feed, { agent });
  await api.review(campaign);
  return campaign;
}

export async function newsroom(world) {
  const { api, feed } = world;
  const [{ agent: mara }] = (await api.get("/api/v1/personas")).items;
  const agents = { mara };
  for (const [key, text] of Object.entries({ teo: TEO, ines: INES })) {
    agents[key] = (await api.post("/api/v1/personas", { soul: text })).agent;
  }
  await api.careful((policy) => {
    policy.hold_seconds = 1;
  });
  for (const [index, [who, goal]] of OUT.entries()) {
    const campaign = await waits(api, feed, agents[who], goal);
    const { task } = await api.review(campaign);
    await api.post(`/api/approve/${task}`);
    await until("the post is out", () => world.posted().length === index + 1);
  }
  await api.policy((policy) => {
    policy.hold_seconds = 8;
  });
  for (const [who, goal] of WAITING) await waits(api, feed, agents[who], goal);
  const planned = await api.planned(PLANNED, feed, { agent: mara, posts: 3 });
  await until("nothing is in hand", async () => {
    const { tasks_working: working, tasks_judging: judging } = await api.get("/api/v1/swarm/gauge");
    return working === 0 && judging === 0;
  });
  const { items } = await api.get("/api/v1/reviews?state=open");
  const [shown] = items.toSorted((a, b) => a.preview.text.length - b.preview.text.length);
  const [doubtful] = items.toSorted((a, b) => a.confidence - b.confidence);
  const { trace } = await api.get(`/api/v1/campaigns/${shown.campaign}`);
  const { steps } = await api.get(`/api/v1/campaigns/${planned}/plan`);
  const step = `Step ${steps.find(({ kind }) => kind === "generate_caption").title}`;
  return { review: shown.id, doubtful: doubtful.id, planned, trace, step };
}

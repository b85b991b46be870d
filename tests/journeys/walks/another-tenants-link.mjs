// Somebody of another workspace opens links of this one: each leads to a page that says that there is nothing to see,
// nothing of it is on the page or on the wire, and the owner of this workspace finds the attempts.
import assert from "node:assert/strict";
import { signsIn } from "../support/people.mjs";
import { until } from "../support/until.mjs";

const GOAL = "One post about cold brew on tap, no health claims";
const ERIK = {
  name: "Erik Lund",
  email: "erik@tea.example",
  password: "Erik likes 31 quiet teapots",
};

/** The owner of the first workspace makes another one in the settings. */
async function makesWorkspace(olga) {
  await olga.presses("Control+,");
  await olga.clicks(olga.page.getByRole("tab", { name: "Workspaces" }));
  await olga.clicks(olga.button("Make a workspace"));
  const dialog = olga.page.getByRole("dialog", { name: "Make a workspace" });
  await olga.fills("Its name", "Lund Tea", dialog);
  await olga.fills("Its name in addresses", "t_lund", dialog);
  await olga.fills("Name of its owner", ERIK.name, dialog);
  await olga.fills("E-mail address", ERIK.email, dialog);
  await olga.fills("First password", ERIK.password, dialog);
  await olga.clicks(olga.button("Make it", dialog));
  await olga.sees("Lund Tea is there; its owner may sign in now");
  await olga.sees("t_lund");
}

export async function walk(world) {
  const olga = await world.owner();
  await world.api.careful();
  const campaign = await world.api.started(GOAL, world.feed);
  const review = await world.api.review(campaign);
  const [{ agent }] = (await world.api.get("/api/v1/personas")).items;
  const { trace } = await world.api.get(`/api/v1/campaigns/${campaign}`);
  await makesWorkspace(olga);

  const erik = await world.comes(ERIK.name);
  await signsIn(erik, ERIK);
  const heard = [];
  erik.page.on("response", async (response) => {
    if (!response.url().includes("/api/")) return;
    const text = await response.text().catch(() => "");
    heard.push({ url: response.url(), text });
  });
  const links = {
    campaign: `/campaigns/${campaign}`,
    plan: `/campaigns/${campaign}/plan`,
    review: `/review/${review.id}`,
    persona: `/personas/${agent}`,
    run: `/traces/${trace}`,
  };
  erik.watch.allow(404, /\/api\/v1\//);
  for (const [what, link] of Object.entries(links)) {
    const [, , id] = link.split("/");
    const refused = erik.page.waitForResponse((one) => one.url().includes(id) && one.status() === 404);
    await erik.opens(link);
    // The page before looks the same: only the answer says that this one was asked for.
    await refused;
    await erik.sees(erik.page.getByText("There is nothing here for you to see").first());
    const page = await erik.page.innerText("body");
    for (const word of ["cold brew", "Mara Voss", "Brew"]) {
      assert.ok(!page.includes(word), `the page of their ${what} shows “${word}”`);
    }
  }
  // What exists nowhere looks the same.
  await erik.opens("/campaigns/01999999-0000-7000-8000-000000000000");
  await erik.sees(erik.page.getByText("There is nothing here for you to see").first());
  for (const { url, text } of heard) {
    assert.ok(!/cold brew|Mara Voss/i.test(text), `${url} carried what is not Erik's`);
  }
  assert.deepEqual((await erik.page.evaluate(async () => (await fetch("/api/v1/incidents")).json())).items, []);

  // The owner of what was asked for is told.
  const attempts = await until("the attempts are incidents", async () => {
    const { items } = await world.api.get("/api/v1/incidents?limit=200");
    const about = items.filter(({ kind }) => kind === "permission");
    const all = ["campaign", "review", "agent", "run"].every((noun) =>
      about.some(({ detail }) => detail.includes(`for the ${noun} `)),
    );
    return all && about;
  });
  await olga.presses("g h");
  await olga.sees("Somebody of another workspace asked for something of this one");
  await olga.opens("/incidents");
  await olga.sees(olga.page.getByText(/of another workspace asked for the campaign/).first());
  assert.ok(!(await olga.page.innerText("body")).includes(ERIK.email), "the incident names a person of elsewhere");
  return `${attempts.length} attempts, each an incident`;
}

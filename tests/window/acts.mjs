// What a person does in the window in several steps.
// Never here: the window itself, or the order of the test.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { until } from "./ground.mjs";

const REGISTRY = "/api/v1/connections/registry";
export const OWNER = { name: "Ada Test", email: "ada@example.org", password: "a long enough passphrase" };

/** Makes the owner's account, by keyboard alone. */
export async function owner(window) {
  await window.text("Welcome to Chimera");
  assert.equal(await window.focus(), "Name");
  await window.keys(`${OWNER.name}<Tab>${OWNER.email}<Tab>${OWNER.password}<Enter>`);
  await window.text("Go on with the rehearsal");
}

/** Asks the API in the page's name. */
export async function api(window, method, path, body, headers = {}) {
  const answer = await window.run(
    `return window.__TAURI_INTERNALS__.invoke("api_request", { request: {
      method: arguments[0], path: arguments[1], headers: arguments[3], body: arguments[2],
    } })`,
    method,
    path,
    body === undefined ? null : JSON.stringify(body),
    { "content-type": "application/json", ...headers },
  );
  return { status: answer.status, headers: answer.headers, body: answer.body ? JSON.parse(answer.body) : null };
}

/** A draft of the rehearsal that waits for a person: its review's id. */
export async function waitsForReview(window) {
  const policy = await api(window, "GET", "/api/v1/policy");
  const { document } = policy.body;
  document.bands.auto_above = 1;
  const etag = Object.entries(policy.headers).find(([name]) => name.toLowerCase() === "etag")[1];
  const changed = await api(window, "PUT", "/api/v1/policy", document, { "if-match": etag });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  const agent = await anAgent(window);
  const [feed] = (await api(window, "GET", "/api/v1/connections/feeds")).body.items;
  const campaign = await api(window, "POST", "/api/v1/campaigns", {
    agent,
    goal: "One post about repair cafés in small towns",
    feeds: [feed.url],
    platforms: ["sandbox"],
    daily_budget: "5.00",
    max_posts_per_day: 1,
  });
  assert.equal(campaign.status, 201, JSON.stringify(campaign.body));
  for (const act of ["plan", "start"]) {
    const done = await api(window, "POST", `/api/v1/campaigns/${campaign.body.id}/${act}`, {});
    assert.ok(done.status < 300, JSON.stringify(done.body));
  }
  return until("a draft that waits", async () => {
    const { body } = await api(window, "GET", `/api/v1/reviews?campaign=${campaign.body.id}&state=open`);
    return body.items[0]?.id;
  });
}

/** The shipped agent, made where there is none. */
async function anAgent(window) {
  const soul = await readFile(new URL("../../src-tauri/crates/skills/assets/starter/SOUL.md", import.meta.url), "utf8");
  const persona = await api(window, "POST", "/api/v1/personas", { soul });
  return persona.body.agent ?? (await api(window, "GET", "/api/v1/swarm/agents")).body.items[0].id;
}

/** A campaign whose plan is asked of a provider that is down; the agent's SOUL.md is the shipped one. */
export async function planInVain(window, provider) {
  const agent = await anAgent(window);
  const campaign = await api(window, "POST", "/api/v1/campaigns", {
    agent,
    goal: "One post about cold brew on tap",
    feeds: ["https://feeds.example.org/brew.xml"],
    platforms: ["sandbox"],
    daily_budget: "5.00",
    max_posts_per_day: 1,
  });
  assert.equal(campaign.status, 201, JSON.stringify(campaign.body));
  provider.isDown = true;
  const plan = await api(window, "POST", `/api/v1/campaigns/${campaign.body.id}/plan`, {});
  provider.isDown = false;
  assert.equal(plan.status, 503, JSON.stringify(plan.body));
}

export async function describeProvider(window, provider) {
  await window.press("OpenAI or compatible");
  await window.type("Address of the API", provider.address);
  await window.type("Model that writes", "window-model");
}

/** Has a server authorized: its page is opened by the system, and she agrees there. */
export async function authorize(window, server) {
  const entered = await api(window, "POST", REGISTRY, { name: "ledger", program: { url: `${server.origin}/mcp` } });
  assert.equal(entered.status, 201, JSON.stringify(entered.body));
  const trusted = await api(window, "POST", `${REGISTRY}/ledger/trust`, { launch: entered.body.launch.digest });
  assert.ok(trusted.status < 300, JSON.stringify(trusted.body));
  await window.press("Authorize ledger");
  await window.press("Authorize…");
  await window.press("Go on");
  await window.press("Open the page");
  const page = await server.page();
  assert.equal(new URL(page).origin, server.origin);
  assert.match(await server.agrees(page), /Authorized\. You can close this page/);
  await window.text("Authorized. Its tools can be used now, as far as they are trusted.");
  await window.press("Done");
}

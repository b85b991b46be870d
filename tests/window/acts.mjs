// What a person does in the window in several steps.
// Never here: the window itself, or the order of the test.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

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
async function api(window, method, path, body) {
  const answer = await window.run(
    `return window.__TAURI_INTERNALS__.invoke("api_request", { request: {
      method: arguments[0], path: arguments[1], headers: { "content-type": "application/json" },
      body: arguments[2],
    } })`,
    method,
    path,
    body === undefined ? null : JSON.stringify(body),
  );
  return { status: answer.status, body: answer.body ? JSON.parse(answer.body) : null };
}

/** A campaign whose plan is asked of a provider that is down; the agent's SOUL.md is the shipped one. */
export async function planInVain(window, provider) {
  const soul = await readFile(new URL("../../src-tauri/crates/skills/assets/starter/SOUL.md", import.meta.url), "utf8");
  const persona = await api(window, "POST", "/api/v1/personas", { soul });
  const agent = persona.body.agent ?? (await api(window, "GET", "/api/v1/swarm/agents")).body.items[0].id;
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

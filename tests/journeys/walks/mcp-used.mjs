// A researcher calls a tool of an operator's server: while it runs she sees how far it is by its server's word, under
// Connections and in the trace, and there after it too. She gets a prompt of the server, and after it was run in another
// way she goes back to the one before in one act.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Jury } from "../support/jury.mjs";
import { Provider } from "../support/provider.mjs";
import { until } from "../support/until.mjs";

const FOLDER = mkdtempSync(join(tmpdir(), "chimera-notes-"));
process.on("exit", () => rmSync(FOLDER, { recursive: true, force: true }));
const SERVER = fileURLToPath(new URL("../support/notes-server.mjs", import.meta.url));
const REGISTRY = "/api/v1/connections/registry";
const WAIT = join(FOLDER, "wait");
const GOAL = "One post about what the notes list on cold brew on tap, no health claims";

export const settings = { CHIMERA_KEYCHAIN: "none" };

const run = (version) => ({ command: process.execPath, args: [SERVER, FOLDER], env: { NOTES_VERSION: version } });

async function trusted(world) {
  const { launch } = await world.api.post(REGISTRY, { name: "notes", program: run("1.0.0") });
  await world.api.post(`${REGISTRY}/notes/trust`, { launch: launch.digest });
  const { etag } = await world.api.ask("GET", `${REGISTRY}/notes`);
  const reads = { tool: "list_notes", effect: "read" };
  const { status } = await world.api.ask("PUT", `${REGISTRY}/notes/classes`, reads, { "if-match": etag });
  assert.equal(status, 200);
}

async function thinksWith(world, provider) {
  const { status } = await world.api.ask("PUT", "/api/v1/connections/model", {
    kind: "openai-compatible",
    base_url: provider.address,
    models: { planner: "strong", worker: "fast", judge: "strong" },
    key: { place: "none" },
  });
  assert.equal(status, 200);
}

/** A call that its server keeps waiting, seen while it runs and after. */
async function called(world, olga, jury) {
  writeFileSync(WAIT, "");
  const campaign = await world.api.started(GOAL, world.feed);
  await olga.opens("/connections");
  const running = olga.page.getByRole("list", { name: "Calls under way" });
  await olga.sees(running.getByText("list_notes"));
  await olga.sees(running.getByText("67 %"));
  // The report's sign that turns text round is shown by its name.
  await olga.sees(running.getByText("U+202E"));
  await running.scrollIntoViewIfNeeded();
  await jury.looks(olga, "a call under way");

  const { trace } = await world.api.get(`/api/v1/campaigns/${campaign}`);
  await olga.opens(`/traces/${trace}`);
  await olga.clicks(olga.page.getByRole("row", { name: /^tools\/call notes.list_notes/ }));
  const told = olga.page.getByText(/looked through \[email\]/);
  await olga.sees(told);
  await jury.looks(olga, "a step tells how far it is");

  rmSync(WAIT);
  const step = olga.page.getByRole("region", { name: "The chosen step" });
  await olga.sees(step.getByText("Done"));
  await olga.sees(told);
  await jury.looks(olga, "a step told how far it was");
  await olga.opens("/connections");
  await olga.sees(olga.button("Test notes"));
  await olga.seesNoMore(running);
}

async function got(olga, jury) {
  await olga.clicks(olga.page.getByRole("button", { name: /^notes connected/ }));
  const beside = olga.page.getByRole("region", { name: "Beside tools" });
  await olga.clicks(beside.getByText("1 prompt"));
  const get = olga.button("Get the prompt summary", beside);
  assert.equal(await get.isDisabled(), true, "it is got without what it needs");
  await olga.fills("since", "Monday", beside);
  await olga.clicks(get);
  const words = beside.getByRole("document", { name: "summary" });
  await olga.sees(words.getByText(/user: Sum up every note since Monday\./));
  // Words that try to steer are said to, before anybody reads them.
  await olga.sees(beside.getByText(/previous instructions/i).first());
  await words.scrollIntoViewIfNeeded();
  await jury.looks(olga, "a prompt");
}

async function goesBack(world, olga, jury) {
  const { etag } = await world.api.ask("GET", `${REGISTRY}/notes`);
  const other = await world.api.ask("PUT", `${REGISTRY}/notes`, { program: run("2.0.0"), enabled: true }, { "if-match": etag });
  assert.equal(other.status, 200);
  await world.api.post(`${REGISTRY}/notes/trust`, { launch: other.body.launch.digest });
  const versions = olga.page.getByRole("region", { name: "Versions" });
  await olga.sees(versions.getByText("2.0.0"));
  await olga.sees(versions.getByText(/^NOTES_VERSION=1\.0\.0 /));
  await olga.clicks(olga.button("Go back to that", versions));
  const dialog = olga.page.getByRole("dialog");
  await olga.sees(dialog.getByText("Run “notes” as before?"));
  await jury.looks(olga, "go back to how a server was run", true);
  await olga.clicks(olga.button("Go back to that", dialog));
  await olga.seesNoMore(dialog);
  await until("it runs as before, trusted", async () => {
    const { server } = await world.api.get(`${REGISTRY}/notes`);
    return server.program.env.NOTES_VERSION === "1.0.0" && server.standing === "trusted";
  });
}

export async function walk(world) {
  const jury = new Jury();
  const olga = await world.owner({ look: "system" });
  const provider = await Provider.open();
  provider.calls = "notes__list_notes";
  try {
    await trusted(world);
    await thinksWith(world, provider);
    await called(world, olga, jury);
    await got(olga, jury);
    await goesBack(world, olga, jury);
  } finally {
    await provider.close();
  }
  jury.rules();
  return "called, prompted, taken back to how it was run";
}

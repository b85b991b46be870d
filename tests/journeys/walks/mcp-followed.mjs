// An operator opens a resource of a server: it stays as the server has it while it is open, she sees whether the server says
// that it changed or is asked every so often, is told in words when that ends, and nothing is followed once she closed it.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Jury } from "../support/jury.mjs";
import { until } from "../support/until.mjs";

const FOLDER = mkdtempSync(join(tmpdir(), "chimera-notes-"));
process.on("exit", () => rmSync(FOLDER, { recursive: true, force: true }));
const SERVER = fileURLToPath(new URL("../support/notes-server.mjs", import.meta.url));
const REGISTRY = "/api/v1/connections/registry";
const NOTES = join(FOLDER, "resource.txt");
const FOLLOWED = join(FOLDER, "followed.txt");

export const settings = { CHIMERA_KEYCHAIN: "none" };

const followed = () => (existsSync(FOLLOWED) ? readFileSync(FOLLOWED, "utf8") : "");

async function registers(world, name, env) {
  const program = { command: process.execPath, args: [SERVER, FOLDER], env };
  const { launch } = await world.api.post(REGISTRY, { name, program });
  await world.api.post(`${REGISTRY}/${name}/trust`, { launch: launch.digest });
}

/** Opens the only resource of a server. */
async function opens(olga, name) {
  await olga.clicks(olga.page.getByRole("button", { name: new RegExp(`^${name} connected`) }));
  // Servers stand by name, and the one that was opened before is above.
  const beside = olga.page.getByRole("region", { name: "Beside tools" }).last();
  await olga.sees(olga.button(`Test ${name}`));
  await olga.clicks(beside.getByText("1 resource"));
  await olga.clicks(olga.button("Read notes://all", beside));
  return beside;
}

export async function walk(world) {
  const jury = new Jury();
  const olga = await world.owner({ look: "system" });
  await registers(world, "notes", { NOTES_TELL: "yes" });

  await olga.opens("/connections");
  const beside = await opens(olga, "notes");
  const words = beside.getByRole("document", { name: "notes://all" });
  await olga.sees(words.getByText("no notes yet"));
  await olga.sees(beside.getByText(/The server says when it changes; it is asked every 10 minutes besides/));
  writeFileSync(NOTES, "buy milk\u2066");
  await olga.sees(words.getByText(/buy milk/));
  await olga.sees(words.getByText("U+2066"));
  await olga.sees(beside.getByText(/Changed, and read again/));
  await words.scrollIntoViewIfNeeded();
  await jury.looks(olga, "a resource is followed");

  await olga.clicks(olga.button("Close notes://all"));
  await olga.seesNoMore(words);
  await until("it is not followed any longer", async () => followed() === "subscribed\nunsubscribed\n");

  await olga.clicks(olga.button("Read notes://all"));
  await olga.sees(beside.getByText(/The server says when it changes/));
  const { etag, body } = await world.api.ask("GET", `${REGISTRY}/notes`);
  const off = { program: body.server.program, enabled: false };
  const { status } = await world.api.ask("PUT", `${REGISTRY}/notes`, off, { "if-match": etag });
  assert.equal(status, 200);
  await olga.sees(beside.getByText(/This is not kept up to date any longer/));
  await olga.sees(beside.getByText("MCP_SERVER_OFF"));
  await olga.sees(words.getByText(/buy milk/));
  await jury.looks(olga, "what was followed has ended");

  await olga.clicks(olga.page.getByRole("button", { name: /^notes / }));
  await olga.seesNoMore(beside);
  await registers(world, "quiet", {});
  await olga.opens("/connections");
  const quiet = await opens(olga, "quiet");
  await olga.sees(quiet.getByText(/The server does not say when it changes; it is asked every 15 seconds/));
  writeFileSync(NOTES, "buy bread");
  const read = quiet.getByRole("document", { name: "notes://all" });
  await until("it is asked again", async () => (await read.textContent()) === "buy bread");
  jury.rules();
  return "told, asked, ended";
}

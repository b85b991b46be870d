// An operator imports the servers of another program's file: nothing starts before she has seen exactly what runs and
// trusted it, and each tool counts as going out until she says otherwise.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Jury } from "../support/jury.mjs";
import { until } from "../support/until.mjs";

const FOLDER = mkdtempSync(join(tmpdir(), "chimera-notes-"));
process.on("exit", () => rmSync(FOLDER, { recursive: true, force: true }));
const SERVER = fileURLToPath(new URL("../support/notes-server.mjs", import.meta.url));

export const settings = { NOTES_HOME: FOLDER, NOTES_TOKEN: "hush-hush-42", CHIMERA_KEYCHAIN: "none" };

const FILE = {
  mcpServers: {
    notes: {
      command: process.execPath,
      args: [SERVER, "${NOTES_HOME}"],
      env: { NOTES_TOKEN: "${NOTES_TOKEN}", NOTES_MODE: "${NOTES_MODE:-quiet}" },
      autoApprove: ["add_note"],
    },
    unset: { command: "npx", args: ["${NOWHERE_AT_ALL}"] },
    leaky: { command: "npx", env: { GITHUB_TOKEN: "ghp_0123456789" } },
    old: { type: "sse", url: "https://mcp.example/sse" },
  },
};

const started = () => existsSync(join(FOLDER, "starts.txt"));

export async function walk(world) {
  const jury = new Jury();
  const olga = await world.owner({ look: "system" });
  await olga.opens("/connections");
  await olga.clicks(olga.button("Import"));
  await olga.fills("File", JSON.stringify(FILE));
  await olga.clicks(olga.button("Import, without starting anything"));
  await olga.sees("not taken over: autoApprove");
  for (const code of ["MCP_VARIABLE_UNSET", "MCP_SECRET_IN_CLEAR", "MCP_ENTRY_INVALID"]) {
    await olga.sees(code);
  }
  await jury.looks(olga, "import, done", true);
  await olga.clicks(olga.button("Done"));
  await olga.sees(olga.button("Review and trust notes"));
  assert.equal(started(), false, "it was started before anybody trusted it");

  await olga.clicks(olga.button("Review and trust notes"));
  const dialog = olga.page.getByRole("dialog");
  for (const line of [process.execPath, SERVER, FOLDER, "NOTES_TOKEN=${NOTES_TOKEN}"]) {
    await olga.sees(dialog.getByText(line, { exact: true }));
  }
  assert.equal(await dialog.getByText("hush-hush").count(), 0, "a secret is on the screen");
  await jury.looks(olga, "trust a server", true);
  await olga.clicks(olga.button("Trust and start"));
  await olga.seesNoMore(dialog);
  await olga.sees(olga.button("Test notes"));
  await until("it starts", async () => started());

  await olga.clicks(olga.page.getByRole("button", { name: /^notes connected/ }));
  await olga.sees("list_notes");
  const log = olga.page.getByRole("log");
  await olga.sees(log);
  const words = await log.textContent();
  assert.match(words, /notes server starts with/);
  assert.match(words, /NOTES_MODE/);
  assert.doesNotMatch(words, /hush-hush/, "a secret is in the last words");
  assert.doesNotMatch(words, /CHIMERA_/, "a setting of Chimera's reached the program");
  const beside = olga.page.getByRole("region", { name: "Beside tools" });
  await olga.clicks(beside.getByText("1 resource"));
  await olga.sees("notes://all");
  await olga.clicks(olga.button("Read notes://all"));
  await olga.sees("no notes yet");
  await olga.clicks(beside.getByText("1 prompt"));
  await olga.sees("needs since");
  const listing = "What calling list_notes does";
  await olga.sees(olga.page.getByRole("combobox", { name: listing }));
  await olga.chooses(listing, "reads");
  await olga.sees(olga.page.getByText("changes nothing; agents may call it while they think"));
  await jury.looks(olga, "a trusted server, opened");

  const look = await world.api.get("/api/v1/connections/registry/notes");
  const classes = look.tools.map(({ tool, effect, classed, state }) => [tool, effect, classed, state]);
  assert.deepEqual(classes, [
    ["add_note", "outward", false, "pinned"],
    ["list_notes", "read", true, "pinned"],
  ]);
  const { items } = await world.api.get("/api/v1/audit?limit=100");
  for (const action of ["server.add", "server.trust", "server.pin", "server.class"]) {
    assert.ok(items.some((record) => record.action === action), `${action} is not on record`);
  }
  assert.equal(existsSync(join(FOLDER, "calls.txt")), false, "a tool was called");
  assert.equal(readFileSync(join(FOLDER, "starts.txt"), "utf8"), "started\n", "it was started twice");
  jury.rules();
  return "imported, trusted, classed";
}

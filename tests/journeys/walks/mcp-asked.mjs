// A trusted server asks something before it gives what it was asked for: the operator learns of it in every room, reads the
// question with whatever hides in it, is warned of what nobody may ask for, and answers; the server goes on with that.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Jury } from "../support/jury.mjs";

const FOLDER = mkdtempSync(join(tmpdir(), "chimera-notes-"));
process.on("exit", () => rmSync(FOLDER, { recursive: true, force: true }));
const SERVER = fileURLToPath(new URL("../support/notes-server.mjs", import.meta.url));
const REGISTRY = "/api/v1/connections/registry";

export const settings = { CHIMERA_KEYCHAIN: "none" };

const ASKED = {
  message: "Whose\u202e notes?",
  requestedSchema: {
    type: "object",
    properties: {
      who: { type: "string", title: "Name" },
      year: { type: "integer", title: "Year", default: 2026 },
      password: { type: "string", title: "Password" },
    },
    required: ["who"],
  },
};

export async function walk(world) {
  const jury = new Jury();
  const olga = await world.owner({ look: "system" });
  const program = { command: process.execPath, args: [SERVER, FOLDER] };
  const { launch } = await world.api.post(REGISTRY, { name: "notes", program });
  await world.api.post(`${REGISTRY}/notes/trust`, { launch: launch.digest });
  writeFileSync(join(FOLDER, "asks.json"), JSON.stringify(ASKED));

  await olga.opens("/connections");
  await olga.clicks(olga.page.getByRole("button", { name: /^notes connected/ }));
  const beside = olga.page.getByRole("region", { name: "Beside tools" });
  await olga.clicks(beside.getByText("1 resource"));
  await olga.clicks(olga.button("Read notes://all"));
  const question = olga.page.getByRole("listitem", { name: "What notes asks" });
  await olga.sees(question);
  await olga.sees('The server "notes" asks a person something');
  assert.match(await question.textContent(), /U\+202E/i, "a sign that turns text round is not shown");
  await olga.sees(question.getByText(/It seems to ask for a password/));
  await olga.fills("Name", "Olga", question);
  await question.scrollIntoViewIfNeeded();
  await jury.looks(olga, "a server asks");
  await olga.clicks(olga.button("Answer", question));
  await olga.seesNoMore(question);
  const told = { action: "accept", content: { who: "Olga", year: 2026 } };
  await olga.sees(olga.page.getByText(`asked, and told ${JSON.stringify(told)}`));
  await olga.sees(olga.page.getByText(/answered/));

  const { items } = await world.api.get("/api/v1/audit?action=question.");
  const [record] = items;
  assert.deepEqual(record.output.content, { who: "Olga", year: 2026 });
  jury.rules();
  return "asked, warned, answered";
}

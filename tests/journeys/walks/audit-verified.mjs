// Somebody who answers for the log has it checked from the console: it is sound, and kept elsewhere. Then the database is
// changed behind Chimera's back, and the next check says which record, aloud. The export can be checked without Chimera.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Jury } from "../support/jury.mjs";
import { until } from "../support/until.mjs";

const ELSEWHERE = mkdtempSync(join(tmpdir(), "chimera-elsewhere-"));
process.on("exit", () => rmSync(ELSEWHERE, { recursive: true, force: true }));
const ANCHOR = join(ELSEWHERE, "anchors.jsonl");

/** A key as a server without a keychain gets it, and a file on what stands for another disk. */
export const settings = {
  CHIMERA_KEYCHAIN: "none",
  AUDIT_SIGNING_KEY: "5e".repeat(32),
  CHIMERA_AUDIT_ANCHOR: ANCHOR,
};

/** The strip that says how the chain stands. */
function strip(olga) {
  return olga.page.getByRole("region", { name: "Chain over the audit log" });
}

async function verifies(olga, standing) {
  await olga.clicks(olga.button("Verify now"));
  await olga.sees(strip(olga).getByText(standing, { exact: true }));
}

/** Changes one word of one record in the file of the database; SQLite itself keeps no sums. */
function tampers(data) {
  const file = join(data, "chimera.db");
  const before = readFileSync(file, "latin1");
  const after = before.replaceAll("agent.create", "agent.delete");
  assert.notEqual(after, before, "there is nothing to change");
  writeFileSync(file, after, "latin1");
}

/** Follows the links of an export by its own first line, with nothing of Chimera's. */
function follows(text) {
  const lines = text.trimEnd().split("\n").map(JSON.parse);
  const digest = (tag, bytes) =>
    `sha256:${createHash("sha256").update(`${tag}\0`).update(bytes).digest("hex")}`;
  const { tenant } = lines[0].bundle;
  let previous = digest("chimera.audit.genesis.v1", JSON.stringify(tenant));
  const links = lines.filter(({ link }) => link).map(({ link }) => link);
  for (const { number, digest: record, link, text: said } of links) {
    assert.equal(digest("chimera.audit.record.v1", said), record, `record ${number}`);
    const form = JSON.stringify({ number, previous, record, tenant });
    assert.equal(digest("chimera.audit.link.v1", form), link, `link ${number}`);
    previous = link;
  }
  assert.equal(lines.at(-1).end.links, links.length);
  return links.length;
}

export async function walk(world) {
  const jury = new Jury();
  const olga = await world.owner({ look: "system" });
  await until("a checkpoint is kept elsewhere", () => existsSync(ANCHOR), 20_000);
  await olga.opens("/audit");
  await olga.sees(strip(olga).getByText("not checked yet"));
  await verifies(olga, "anchored");
  await olga.clicks(olga.button("Details"));
  await olga.sees("no record was altered since it was sealed");
  await olga.sees("Audit log checked");
  await jury.looks(olga, "audit, checked");
  const coming = olga.page.waitForEvent("download");
  await olga.clicks(olga.link("Export"));
  const download = await coming;
  const sealed = follows(readFileSync(await download.path(), "utf8"));
  assert.ok(sealed > 0);

  // Not in front of a page that would complain of the silence.
  await olga.opens("about:blank");
  await world.restarts(tampers);
  await olga.opens("/audit");
  await verifies(olga, "broken");
  const found = olga.page.getByRole("list", { name: "What is wrong" });
  await olga.sees(found.getByText("says something else than when it was sealed"));
  await olga.sees("something was altered");
  await jury.looks(olga, "audit, broken");
  await olga.opens("/incidents");
  await olga.sees("The audit log was altered, or is incomplete");
  await olga.sees("AUDIT_CHAIN_BROKEN");
  jury.rules();
  return `${sealed} records followed without Chimera`;
}

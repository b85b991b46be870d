// Follows an export of the audit log with nothing of Chimera's: Node's standard library and what the export's own first
// line says (specs/audit-format.md has it at length).   node follow.mjs FILE ed25519:KEY
import { createHash, createPublicKey, verify } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const [file, trusted] = process.argv.slice(2);

function digest(tag, bytes) {
  return `sha256:${createHash("sha256").update(`${tag}\0`).update(bytes).digest("hex")}`;
}

/** RFC 8785 for what occurs here: flat objects of texts, whole numbers and nulls. */
function canonical(object) {
  const names = Object.keys(object).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(object[name])}`).join(",")}}`;
}

function holds({ key, signature }, over) {
  const raw = (text) => Buffer.from(text.slice("ed25519:".length), "hex");
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw(key)]);
  const spki = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, Buffer.from(over.slice("sha256:".length), "hex"), spki, raw(signature));
}

const wrong = [];
let tenant;
let previous;
let before;
let end;
let begun = { last: 0, checkpoint: 0 };
let kept;
const links = new Map();
const count = { links: 0, checkpoints: 0, kept: 0 };

function head({ format, tenant: whose }) {
  if (format !== "chimera.audit.bundle.v1") throw new Error(`unknown form ${format}`);
  tenant = whose;
  previous = digest("chimera.audit.genesis.v1", JSON.stringify(tenant));
  before = previous;
  kept = previous;
}

/** Where the log begins after older records were taken out by rule. */
function beginning({ signature, ...statement }) {
  begun = statement;
  const over = digest("chimera.audit.beginning.v1", canonical(statement));
  if (statement.key !== trusted) wrong.push(`the beginning is signed by ${statement.key}`);
  else if (!holds({ key: statement.key, signature }, over)) wrong.push("the beginning's signature");
  previous = statement.head;
  before = statement.covered;
  links.set(statement.last, statement.head);
}

/** A record from before the beginning that stays. */
function keep({ number, text, digest: record }) {
  count.kept += 1;
  if (text === null) wrong.push(`record ${number} is gone`);
  else if (digest("chimera.audit.record.v1", text) !== record) wrong.push(`record ${number}`);
  kept = digest("chimera.audit.kept.v1", canonical({ tenant, number, previous: kept, record }));
}

function link({ number, text, digest: record, link: said }) {
  count.links += 1;
  if (number !== begun.last + count.links) wrong.push(`link ${begun.last + count.links} is ${number}`);
  if (text === null) wrong.push(`record ${number} is gone`);
  else if (digest("chimera.audit.record.v1", text) !== record) wrong.push(`record ${number}`);
  const form = canonical({ tenant, number, previous, record });
  if (digest("chimera.audit.link.v1", form) !== said) wrong.push(`link ${number}`);
  previous = said;
  links.set(number, said);
}

function checkpoint({ signature, ...statement }) {
  count.checkpoints += 1;
  const { number, last, head: stood, key } = statement;
  if (number !== begun.checkpoint + count.checkpoints || statement.previous !== before) wrong.push(`checkpoint ${number}`);
  if (links.get(last) !== stood) wrong.push(`checkpoint ${number} and link ${last}`);
  before = digest("chimera.audit.checkpoint.v1", canonical(statement));
  if (key !== trusted) wrong.push(`checkpoint ${number} is signed by ${key}`);
  else if (!holds({ key, signature }, before)) wrong.push(`signature ${number}`);
}

for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
  const object = JSON.parse(line);
  if (object.bundle) head(object.bundle);
  else if (object.beginning) beginning(object.beginning);
  else if (object.kept) keep(object.kept);
  else if (object.link) link(object.link);
  else if (object.checkpoint) checkpoint(object.checkpoint);
  else end = object.end;
}
if (begun.kept_head && (kept !== begun.kept_head || count.kept !== begun.kept)) wrong.push("what was kept");
if (end?.links !== count.links || end?.checkpoints !== count.checkpoints) wrong.push("the end");
console.log(JSON.stringify({ ...count, wrong }));
process.exit(wrong.length === 0 ? 0 : 1);

// Lets the official conformance suite drive the host, scenario by scenario, and compares the list of them with the suite's
// own and with specs/mcp-conformance.md. Its last line is `N passed, N failed`.
//   node tests/conformance/main.mjs [part of a scenario's name]
// CLIENT names the program that the suite starts: the example `conformance` of the room `mcp`.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { differences } from "./lists.mjs";

const BOUND_MS = 90_000;
const here = (below) => fileURLToPath(new URL(below, import.meta.url));
const NODE = here("node_modules/node/bin/node");
const SUITE = here("node_modules/@modelcontextprotocol/conformance/dist/index.js");
const SCENARIOS = JSON.parse(readFileSync(here("scenarios.json"), "utf8"));
// Nothing is expected to fail: the suite is given this empty list.
const EXPECTED = here("expected-failures.yml");
const PAPER = readFileSync(here("../../specs/mcp-conformance.md"), "utf8");

function plays(scenario, revision, client, results) {
  const asked = ["client", "--command", client, "--scenario", scenario, "--spec-version", revision];
  const args = [SUITE, ...asked, "--expected-failures", EXPECTED, "--output-dir", results];
  return new Promise((done) => {
    const suite = spawn(NODE, args, { timeout: BOUND_MS });
    let said = "";
    for (const stream of [suite.stdout, suite.stderr]) {
      stream.on("data", (piece) => {
        said += piece;
      });
    }
    suite.on("error", (error) => done({ passed: false, said: String(error) }));
    // A scenario that the suite skips says so, and is no proof.
    suite.on("close", (code) => done({ passed: code === 0 && !/SKIPPING|not applicable/i.test(said), said }));
  });
}

const client = process.env.CLIENT;
if (!client) throw new Error("CLIENT names no program");
const results = mkdtempSync(join(tmpdir(), "chimera-conformance-"));
let passed = 0;
let failed = 0;
const listed = spawnSync(NODE, [SUITE, "list", "--client"], { timeout: BOUND_MS, encoding: "utf8" });
const differ = differences(listed.stdout ?? "", SCENARIOS, PAPER);
console.log(`${differ.length === 0 ? "ok  " : "FAIL"} the suite's list, the one that is run and the paper's are the same`);
for (const what of differ) console.log(`     ${what}`);
if (differ.length === 0) passed += 1;
else failed += 1;
let played = 0;
for (const [revision, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) {
    if (!scenario.includes(process.argv[2] ?? "")) continue;
    played += 1;
    const outcome = await plays(scenario, revision, client, results);
    console.log(`${outcome.passed ? "ok  " : "FAIL"} ${revision} ${scenario}`);
    if (outcome.passed) passed += 1;
    else {
      failed += 1;
      console.log(outcome.said);
    }
  }
}
rmSync(results, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || played === 0 ? 1 : 0);

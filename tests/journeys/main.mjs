// Walks the journeys one after the other and counts them. Its last line is `N passed, N failed`.
//   node tests/journeys/main.mjs [part of a name]
// CHIMERAD names the binary, CHROMIUM the browser; the console is the one built in ui/dist.
import { rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { launch } from "./support/browser.mjs";
import { LEFT, underTest } from "./support/places.mjs";
import { World } from "./support/world.mjs";

const BOUND_MS = 240_000;
const WALKS = new URL("./walks/", import.meta.url);

async function journeys(filter) {
  const files = (await readdir(WALKS)).filter((file) => file.endsWith(".mjs")).sort();
  const names = files.map((file) => file.slice(0, -".mjs".length));
  return names.filter((name) => name.includes(filter));
}

function bounded(promise, ms) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done within ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Walks one journey; what it returns is worth telling. */
async function walk(name, parts) {
  const { walk, bound = BOUND_MS, settings } = await import(new URL(`${name}.mjs`, WALKS));
  const world = await World.open({ ...parts, settings });
  try {
    const told = await bounded(walk(world), bound);
    const faults = world.faults();
    if (faults.length > 0) throw new Error(`the pages were not clean:\n${faults.join("\n")}`);
    return told;
  } catch (failure) {
    const faults = world.faults().map((fault) => `\n  also: ${fault}`);
    failure.message += faults.join("");
    const folder = await world.leave(name, failure);
    failure.message += `\n  pictures and the server's log: ${folder}`;
    throw failure;
  } finally {
    await world.close();
  }
}

async function all(filter) {
  const parts = underTest();
  const names = await journeys(filter);
  if (names.length === 0) throw new Error(`no journey is called ${filter}`);
  rmSync(LEFT, { recursive: true, force: true });
  const browser = await launch(parts.browser);
  const count = { passed: 0, failed: 0 };
  try {
    for (const name of names) {
      const began = Date.now();
      const took = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;
      try {
        const told = await walk(name, { ...parts, browser });
        count.passed += 1;
        console.log(`ok    ${name} (${took()})${told ? `: ${told}` : ""}`);
      } catch (failure) {
        count.failed += 1;
        console.log(`FAIL  ${name} (${took()})\n  ${failure.message}`);
      }
    }
  } finally {
    await browser.close();
  }
  return count;
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

let count = { passed: 0, failed: 1 };
try {
  count = await all(process.argv[2] ?? "");
} catch (failure) {
  console.log(failure.message);
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);

// Whether three lists say the same: what the suite has for a client, what of it is run, and what the paper tells of both.
// Nothing here runs a scenario.

// The revisions of which every scenario is run, or left out for a reason.
const WHOLE = ["2025-11-25", "2026-07-28"];

/** The suite's own list: the revisions, or `extension`, of each of its client scenarios. */
export function suitesOwn(said) {
  const scenarios = new Map();
  for (const [, name, of] of said.matchAll(/^\s*- (\S+) \[([^\]]+)\]$/gm)) scenarios.set(name, of.split(","));
  return scenarios;
}

const cellsOf = (row) => row.split("|").slice(1, -1).map((cell) => cell.trim());
const namesIn = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map((found) => found[1]);

/** The rows of the table under a heading of the paper, the head first. */
function table(paper, heading) {
  const below = paper.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = below.split("\n").filter((row) => row.startsWith("|"));
  return [rows[0], ...rows.slice(2)].filter(Boolean).map(cellsOf);
}

/** What the paper says is run, as `revision scenario`, and what is left out, with its reason. */
export function papers(paper) {
  const [head = [], ...rows] = table(paper, "Run");
  const run = rows.flatMap(([scenario, ...cells]) =>
    cells.flatMap((cell, at) => (cell.startsWith("yes") ? namesIn(scenario).map((name) => `${head[at + 1]} ${name}`) : [])),
  );
  const [, ...out] = table(paper, "Left out, and why");
  const leftOut = new Map(out.flatMap(([scenarios, why]) => namesIn(scenarios).map((name) => [name, why])));
  return { run, leftOut };
}

/** Every way in which they differ, in words; none when they say the same. */
export function differences(said, scenarios, paper) {
  const suite = suitesOwn(said);
  const { run, leftOut } = papers(paper);
  const ran = Object.entries(scenarios).flatMap(([revision, names]) => names.map((name) => `${revision} ${name}`));
  const found = [];
  if (suite.size === 0) found.push("the suite lists no scenario");
  for (const [name, of] of suite) {
    const wanted = of.filter((revision) => WHOLE.includes(revision)).map((revision) => `${revision} ${name}`);
    const missing = wanted.filter((one) => !ran.includes(one));
    const isRun = ran.some((one) => one.endsWith(` ${name}`));
    if (leftOut.has(name) && isRun) found.push(`${name} is run, and left out in the paper`);
    if (leftOut.has(name)) continue;
    for (const one of missing) found.push(`${one} is neither run nor left out`);
    if (!isRun && missing.length === 0) found.push(`${name} is neither run nor left out`);
  }
  for (const one of ran) {
    const [revision, name] = one.split(" ");
    if (!suite.get(name)?.includes(revision)) found.push(`${one} is run, and the suite has it not`);
    if (!run.includes(one)) found.push(`${one} is run, and not in the paper`);
  }
  for (const one of run) if (!ran.includes(one)) found.push(`${one} is in the paper, and not run`);
  for (const [name, why] of leftOut) {
    if (!suite.has(name)) found.push(`${name} is left out in the paper, and the suite has it not`);
    if (!why) found.push(`${name} is left out without a reason`);
  }
  for (const list of [ran, run]) if (new Set(list).size !== list.length) found.push("a list names a scenario twice");
  return found;
}

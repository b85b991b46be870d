// Writes what the console knows of the API: its types, and the tables of cache tags, error codes and faults.
// Usage: npm run generate -- <API document> --output <types>; the tables are read beside the document and written
// beside the types.
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const { values, positionals } = parseArgs({
  options: { output: { type: "string", short: "o" } },
  allowPositionals: true,
});
const [document] = positionals;
if (!document || !values.output) {
  console.error("usage: npm run generate -- <API document> --output <types>");
  process.exit(2);
}
const from = dirname(document);
const to = dirname(values.output);

const chosen = (rows, is) => Object.fromEntries(Object.entries(rows).filter(is));

/** A table as a constant of its type, in the order of the file. */
async function table(source, target, { what, name, type, module, pick }) {
  const value = pick(JSON.parse(await readFile(join(from, source), "utf8")));
  const text = [
    `// ${what} Generated from ${source}; do not change it here.`,
    `import type { ${type} } from "./${module}";`,
    "",
    `export const ${name}: ${type} = ${JSON.stringify(value, null, 2)};`,
    "",
  ].join("\n");
  await writeFile(join(to, target), text);
}

const types = await openapiTS(pathToFileURL(document));
await writeFile(values.output, COMMENT_HEADER + astToString(types));
await table("tags.json", "generatedTags.ts", {
  what: "What each endpoint's answer is about and what each write and fact makes stale.",
  name: "TAGS",
  type: "TagTable",
  module: "cacheTags",
  pick: ({ endpoints, facts }) => ({ endpoints, facts }),
});
await table("errors.json", "generatedErrors.ts", {
  what: "Every error code of the API.",
  name: "ERRORS",
  type: "ErrorTable",
  module: "errors",
  // What a class asks for is the backend's affair; the console says what to do.
  pick: (codes) =>
    Object.fromEntries(
      Object.entries(chosen(codes, ([, row]) => "status" in row)).map(
        ([code, { class: _, ...row }]) => [code, row],
      ),
    ),
});
// A fault brings its own words; what the console adds is what to do about its code.
await table("errors.json", "generatedFaults.ts", {
  what: "What to do about each code of a fault.",
  name: "FAULTS",
  type: "FaultTable",
  module: "faults",
  pick: (codes) =>
    Object.fromEntries(
      Object.entries(chosen(codes, ([, row]) => !("status" in row))).map(([code, { hint }]) => [
        code,
        hint,
      ]),
    ),
});
const tables = ["generatedTags.ts", "generatedErrors.ts", "generatedFaults.ts"];
console.log(`wrote ${[basename(values.output), ...tables].join(", ")}`);

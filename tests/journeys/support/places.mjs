// Where things are: the binary, the browser, the built console, and the folder for what failed journeys leave.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HOUSE = fileURLToPath(new URL("../../..", import.meta.url));
const TARGET = resolve(HOUSE, process.env.CARGO_TARGET_DIR ?? "target");

/** The console as it was built last, or another one that CHIMERA_UI_DIR names. */
export const CONSOLE = resolve(process.env.CHIMERA_UI_DIR ?? join(HOUSE, "ui", "dist"));
/** Pictures that the README shows. */
export const PICTURES = join(HOUSE, "specs", "pictures");
/** What failed journeys leave behind, a folder each. */
export const LEFT = join(TARGET, "journeys");

/** The binary and the browser under test, or a sentence that says what is missing. */
export function underTest() {
  const { CHIMERAD, CHROMIUM } = process.env;
  const wanted = [
    [CHIMERAD, "CHIMERAD names no binary: build it with `cargo build --bin chimerad` and name it"],
    [CHROMIUM, "CHROMIUM names no browser: install Chromium and name its program"],
    [join(CONSOLE, "index.html"), "the console is not built: run `npm run build` in ui/"],
  ];
  const missing = wanted.filter(([path]) => !path || !existsSync(path)).map(([, words]) => words);
  if (missing.length > 0) throw new Error(missing.join("\n"));
  return { chimerad: resolve(CHIMERAD), browser: CHROMIUM };
}

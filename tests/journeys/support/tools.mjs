// What the journeys borrow from the console's own packages: the browser's driver and axe.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const console_ = createRequire(new URL("../../../ui/package.json", import.meta.url));

export const { chromium } = console_("playwright-core");

/** The source of axe, to be run inside a page. */
export function axeSource() {
  return readFileSync(console_.resolve("axe-core/axe.min.js"), "utf8");
}

// Builds the gallery, serves it under the strictest content policy, looks at every page in each theme at two window
// sizes with a real browser, and lets axe judge it. Pictures land in .shots/. Exits with 1 when anything is wrong.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const shots = `${root}.shots`;
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'";
const SIZES = [
  { name: "1400x900", width: 1400, height: 900 },
  { name: "1100x700", width: 1100, height: 700 },
];
/** Tall pages are pictured in slices that can be looked at in full size. */
const SLICE_PX = 1020;
const THEMES = (process.env.THEMES ?? "dark,light").split(",");
/** What floats, opened one after the other: the button that opens it, and what must be there then. */
const OVERLAYS = [
  { name: "dialog", button: "Open dialog", role: "dialog" },
  { name: "keys", button: "Open keys", role: "dialog" },
  { name: "palette", button: "Open palette", role: "dialog" },
  { name: "menu", button: "Open menu", role: "menu" },
  { name: "popover", button: "Open popover", role: "dialog" },
  { name: "select", button: "Skill", role: "listbox" },
  { name: "toast", button: "Fail", role: "dialog" },
];
/** What the frame opens by keyboard. */
const FRAME_KEYS = [
  { name: "keys", keys: "?" },
  { name: "palette", keys: "Control+k" },
  { name: "stop", keys: "Control+Shift+Period" },
];
const PAGES = [
  { name: "gallery", path: "#/gallery", tall: 3060 },
  { name: "frame", path: "#/gallery/frame" },
];

async function serve() {
  await build({
    root,
    mode: "gallery",
    logLevel: "warn",
    build: { outDir: ".shots/site", emptyOutDir: true },
  });
  return preview({
    root,
    logLevel: "warn",
    build: { outDir: ".shots/site" },
    preview: { port: 0, host: "127.0.0.1", headers: { "Content-Security-Policy": POLICY } },
  });
}

async function judge(page, rules = {}) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (rules) =>
      globalThis.axe.run(
        // Guards keep the focus inside a popup; they are hidden and focusable by design.
        { exclude: [["[data-base-ui-focus-guard]"]] },
        { resultTypes: ["violations"], rules },
      ),
    rules,
  );
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n      ${nodes
        .slice(0, 4)
        .map((node) => `${node.target.join(" ")} ${node.html.slice(0, 160)}`)
        .join("\n      ")}`,
  );
}

async function overlays(page, where, size) {
  await page.setViewportSize(size);
  for (const { name, button, role } of OVERLAYS) {
    const opener = page.getByRole(role === "listbox" ? "combobox" : "button", {
      name: button,
      exact: true,
    });
    await opener.scrollIntoViewIfNeeded();
    await opener.click();
    await page.locator(`[role="${role}"]`).last().waitFor();
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${shots}/${where.replaceAll(" ", "-")}-${name}.png` });
    // What floats belongs to no landmark of the page.
    const faults = await judge(page, { region: { enabled: false } });
    for (const fault of faults) wrong.push(`${where} ${name}: ${fault}`);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(200);
  }
}

async function frameKeys(page, where) {
  for (const { name, keys } of FRAME_KEYS) {
    await page.keyboard.press(keys);
    await page.getByRole("dialog").waitFor();
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${shots}/${where.replaceAll(" ", "-")}-${name}.png` });
    const faults = await judge(page, { region: { enabled: false } });
    for (const fault of faults) wrong.push(`${where} ${name}: ${fault}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }
}

const server = await serve();
const address = server.resolvedUrls.local[0];
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
const wrong = [];

for (const theme of THEMES) {
  const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
  await context.addInitScript(
    (look) => localStorage.setItem("chimera.look", JSON.stringify({ state: look, version: 0 })),
    { theme, density: "regular" },
  );
  for (const size of SIZES) {
    for (const { name, path, tall } of PAGES) {
      const page = await context.newPage();
      const where = `${name} ${theme} ${size.name}`;
      page.on("console", (message) => {
        if (message.type() === "error") wrong.push(`${where}: ${message.text()}`);
      });
      page.on("pageerror", (error) => wrong.push(`${where}: ${error.stack}`));
      await page.setViewportSize({ width: size.width, height: tall ?? size.height });
      await page.goto(address + path, { waitUntil: "networkidle" });
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(600);
      const height = tall ?? size.height;
      for (let top = 0; top < height; top += SLICE_PX) {
        const part = top === 0 && height <= SLICE_PX ? "" : `-${1 + top / SLICE_PX}`;
        const clip = { x: 0, y: top, width: size.width, height: Math.min(SLICE_PX, height - top) };
        await page.screenshot({ path: `${shots}/${name}-${theme}-${size.name}${part}.png`, clip });
      }
      for (const fault of await judge(page)) wrong.push(`${where}: ${fault}`);
      if (tall) await overlays(page, where, size);
      else await frameKeys(page, where);
      await page.close();
    }
  }
  await context.close();
}

await browser.close();
await server.close();
for (const fault of [...new Set(wrong)]) console.log(fault);
console.log(wrong.length === 0 ? "the gallery is clean" : `${wrong.length} faults`);
process.exit(wrong.length === 0 ? 0 : 1);

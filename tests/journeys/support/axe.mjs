// What axe says about what is on the screen now.
import { axeSource } from "./tools.mjs";

/** Nodes of one violation that are worth printing. */
const SHOWN_NODES = 4;
const source = axeSource();

/** Violations in words; `floating` when a dialog or a menu is open, which belongs to no landmark of the page. */
export async function violations(page, { floating = false } = {}) {
  await page.evaluate(source);
  const found = await page.evaluate(
    (rules) =>
      globalThis.axe.run(
        // Guards keep the focus inside a popup; they are hidden and focusable by design.
        { exclude: [["[data-base-ui-focus-guard]"]] },
        { resultTypes: ["violations"], rules },
      ),
    floating ? { region: { enabled: false } } : {},
  );
  return found.violations.map(({ id, help, nodes }) => {
    const places = nodes
      .slice(0, SHOWN_NODES)
      .map(({ target, html }) => `\n      ${target.join(" ")} ${html.slice(0, 160)}`);
    return `${id}: ${help}${places.join("")}`;
  });
}

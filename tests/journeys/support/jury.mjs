// Who looks at screens with axe's eyes and remembers every fault. SHOTS names a folder for a picture of each look.
import assert from "node:assert/strict";
import { join } from "node:path";
import { violations } from "./axe.mjs";
import { settled } from "./settled.mjs";
import { SMALL, WIDE } from "./world.mjs";

const SIZES = { "1400x900": WIDE, "1100x700": SMALL };

export class Jury {
  faults = [];
  looked = 0;
  #sizes;
  #colours;
  #theme;

  /** In both sizes and both colours, unless it is told otherwise; `theme` is one that no system chooses. */
  constructor({ sizes = SIZES, colours = ["dark", "light"], theme } = {}) {
    this.#sizes = sizes;
    this.#colours = colours;
    this.#theme = theme;
  }

  /** Looks at what is on the screen. */
  async looks(person, screen, floating = false) {
    const { page } = person;
    for (const [size, viewport] of Object.entries(this.#sizes)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of this.#colours) {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        const name = `${screen} ${colorScheme} ${size}`;
        // Whoever chose a theme of their own would be looked at twice in the same one.
        const shown = await page.locator("html").getAttribute("data-theme");
        assert.equal(shown, this.#theme ?? colorScheme, `the theme of: ${name}`);
        for (const fault of await violations(page, { floating }))
          this.faults.push(`${name}: ${fault}`);
        this.looked += 1;
        if (process.env.SHOTS) {
          await page.screenshot({
            path: join(process.env.SHOTS, `${name.replaceAll(/\W+/g, "-")}.png`),
          });
        }
      }
    }
    await page.setViewportSize(WIDE);
  }

  /** Fails with every fault that was seen. */
  rules() {
    assert.ok(this.faults.length === 0, `axe:\n${this.faults.join("\n")}`);
  }
}

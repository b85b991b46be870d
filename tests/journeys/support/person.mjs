// Somebody in front of a browser: finds things by what they are and are called, and uses mouse and keys. What they do
// is counted.

const WAITS_MS = 30_000;

function begins(name) {
  // Buttons print their key behind their name.
  const words = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${words}( |$)`);
}

export class Person {
  /** Clicks, presses of keys that act, and characters written. */
  acts = { clicks: 0, keys: 0, characters: 0 };

  constructor(name, page, watch) {
    this.name = name;
    this.page = page;
    this.watch = watch;
    page.setDefaultTimeout(WAITS_MS);
  }

  button(name, within = this.page) {
    return within.getByRole("button", { name: begins(name) });
  }

  link(name, within = this.page) {
    return within.getByRole("link", { name: begins(name) });
  }

  heading(name) {
    return this.page.getByRole("heading", { name, exact: true });
  }

  /** The main part of the room, without the frame around it. */
  get room() {
    return this.page.getByRole("main");
  }

  /** A row of a list, by words in it. */
  row(words, list) {
    const within = list ? this.page.getByRole("list", { name: list }) : this.page;
    return within.getByRole("listitem").filter({ hasText: words });
  }

  async clicks(locator) {
    this.acts.clicks += 1;
    await locator.click();
  }

  /** One key or chord after the other: "g r", "Control+Enter". */
  async presses(keys) {
    for (const key of keys.split(" ")) {
      this.acts.keys += 1;
      await this.page.keyboard.press(key);
    }
  }

  /** Writes where the cursor stands. */
  async writes(text) {
    this.acts.characters += text.length;
    await this.page.keyboard.type(text);
  }

  /** Replaces what stands in a field. */
  async fills(label, text, within = this.page) {
    await this.clicks(within.getByLabel(label, { exact: true }));
    await this.presses("Control+a");
    await this.writes(text);
  }

  /** Chooses from a list that opens. */
  async chooses(label, option, within = this.page) {
    await this.clicks(within.getByRole("combobox", { name: label, exact: true }));
    await this.clicks(this.page.getByRole("option", { name: begins(option) }));
  }

  /** Waits until it is on the screen: words, or a place. */
  async sees(what) {
    const place = typeof what === "string" ? this.page.getByText(what, { exact: true }) : what;
    await place.first().waitFor({ state: "visible" });
    return place.first();
  }

  /** Waits until it is no longer on the screen. */
  async seesNoMore(what) {
    const place = typeof what === "string" ? this.page.getByText(what, { exact: true }) : what;
    await place.first().waitFor({ state: "hidden" });
  }

  /** Goes to a place in the console, or to a whole address. */
  async opens(address) {
    await this.page.goto(address.startsWith("/") ? `/#${address}` : address);
  }
}

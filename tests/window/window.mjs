// The real window, driven through WebKit's own driver by the words on its screen.
// Never here: an expectation, or what is behind the window.
import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { until } from "./ground.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const TAB = "\uE004";
const SHIFT = "\uE008";
const ENTER = "\uE007";

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Text as an XPath literal. */
function quoted(text) {
  if (!text.includes('"')) return `"${text}"`;
  return `concat(${text
    .split('"')
    .map((part) => `"${part}"`)
    .join(", '\"', ")})`;
}

/** Whether anything on the screen still moves to its place; what turns without end does not count. */
const MOVES =
  "return document.getAnimations().some((a) => a.playState === 'running' && a.effect.getTiming().iterations !== Infinity)";

export class Window {
  #driver;
  #base;
  #session;

  /** Opens the window; resolves once its page can be asked. */
  static async open(ground, program, env) {
    const window = new Window();
    window.program = program;
    const port = await freePort();
    const own = { ...ground.env, ...env, TAURI_WEBVIEW_AUTOMATION: "true" };
    window.#driver = ground.start("window", "WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
      env: own,
    });
    window.#base = `http://127.0.0.1:${port}`;
    await until("WebKit's driver", () => fetch(`${window.#base}/status`).then(({ ok }) => ok));
    window.startedAt = performance.now();
    const capabilities = {
      alwaysMatch: { "webkitgtk:browserOptions": { binary: program, args: [] } },
    };
    const made = await window.#ask("POST", "/session", { capabilities });
    window.#session = made.sessionId;
    return window;
  }

  async #ask(method, path, body) {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { "content-type": "application/json" },
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
    return value;
  }

  #inside(method, path, body) {
    return this.#ask(method, `/session/${this.#session}${path}`, body);
  }

  /** Runs a script in the page. */
  run(script, ...args) {
    return this.#inside("POST", "/execute/sync", { script, args });
  }

  /** Waits for something on the screen, by XPath. */
  async find(what, xpath) {
    const found = await until(what, async () => {
      const elements = await this.#inside("POST", "/elements", { using: "xpath", value: xpath });
      return elements[0];
    });
    return found[ELEMENT];
  }

  text(words) {
    return this.find(`the text ${quoted(words)}`, `//*[text()[contains(normalize-space(.), ${quoted(words)})]]`);
  }

  /** Whether these words are on the screen now. */
  async shows(words) {
    return (await this.run("return document.body.innerText")).includes(words);
  }

  /** Clicks on the button, link or radio of that name once it can be pressed. */
  async press(name) {
    const named = `[normalize-space(.) = ${quoted(name)} or @aria-label = ${quoted(name)}]`;
    const enabled = "[not(@disabled) and not(@aria-disabled = 'true')]";
    const xpath = `(//button${named}${enabled} | //a${named} | //label[starts-with(normalize-space(.), ${quoted(name)})])`;
    await until(`pressing ${quoted(name)}`, async () => {
      // A dialog that still opens takes no click, and no person is that quick.
      if (await this.run(MOVES)) return false;
      const [element] = await this.#inside("POST", "/elements", { using: "xpath", value: `${xpath}[last()]` });
      if (!element) return false;
      // As a person scrolls: the driver takes what a list's edge half hides for something that is in view.
      await this.run("arguments[0].scrollIntoView({ block: 'nearest' })", element);
      await this.#inside("POST", `/element/${element[ELEMENT]}/click`, {});
      return true;
    });
  }

  /** Types into the field of that label. */
  async type(label, text) {
    const xpath = `//input[@id = //label[normalize-space(.) = ${quoted(label)}]/@for]`;
    const field = await this.find(`the field ${quoted(label)}`, xpath);
    await this.#inside("POST", `/element/${field}/clear`, {});
    await this.#inside("POST", `/element/${field}/value`, { text });
  }

  /** Types where the cursor is, as a person without a mouse does. */
  async keys(text) {
    const value = text.replaceAll("<Tab>", TAB).replaceAll("<Enter>", ENTER);
    const actions = [];
    for (const key of value.replaceAll("<BackTab>", SHIFT)) {
      const one = key === SHIFT ? TAB : key;
      if (key === SHIFT) actions.push({ type: "keyDown", value: SHIFT });
      actions.push({ type: "keyDown", value: one }, { type: "keyUp", value: one });
      if (key === SHIFT) actions.push({ type: "keyUp", value: SHIFT });
    }
    await this.#inside("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** What the cursor stands on: its name. */
  focus() {
    return this.run(
      "const e = document.activeElement; return e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText",
    );
  }

  /** Process ids of this window's program. */
  async processes() {
    const found = [];
    for (const id of await readdir("/proc")) {
      if (!/^\d+$/.test(id)) continue;
      const program = await readlink(`/proc/${id}/exe`).catch(() => "");
      const environment = await readFile(`/proc/${id}/environ`, "latin1").catch(() => "");
      if (program === this.program && environment.includes(this.home)) found.push(Number(id));
    }
    return found;
  }

  /** Ends the program as a power cut would, and waits until it is gone. */
  async die() {
    for (const id of await this.processes()) process.kill(id, "SIGKILL");
    await until("the window's death", async () => (await this.processes()).length === 0);
    this.#driver.kill("SIGTERM");
    await this.#driver.gone;
  }

  /** Closes the window as its cross does, and waits until the program is gone. */
  async shut() {
    await this.#inside("DELETE", "/window");
    await until("the program's end", async () => (await this.processes()).length === 0);
    this.#driver.kill("SIGTERM");
    await this.#driver.gone;
  }

  /** Asks the program to end in order and waits until it is gone. */
  async close() {
    for (const id of await this.processes()) process.kill(id, "SIGTERM");
    await until("the window's end", async () => (await this.processes()).length === 0);
    this.#driver.kill("SIGTERM");
    await this.#driver.gone;
  }
}

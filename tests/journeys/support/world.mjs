// A server of its own, a feed of its own, and people in front of browsers of their own. All of it ends with the journey.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Api } from "./api.mjs";
import { Daemon } from "./daemon.mjs";
import { Feed } from "./feed.mjs";
import { OLGA, signsIn } from "./people.mjs";
import { Person } from "./person.mjs";
import { LEFT } from "./places.mjs";
import { Watch } from "./watch.mjs";

export const WIDE = { width: 1400, height: 900 };
export const SMALL = { width: 1100, height: 700 };

/** Runs in the page, before anything of it. */
function keepsLook(look) {
  // An empty page has nothing to keep it in.
  if (!location.protocol.startsWith("http")) return;
  localStorage.setItem("chimera.look", JSON.stringify({ state: look, version: 0 }));
}

export class World {
  static async open({ browser, chimerad, settings = {} }) {
    const feed = await Feed.open();
    try {
      const daemon = await Daemon.start(chimerad, {
        CHIMERA_ALLOW_HOSTS: "127.0.0.1",
        ...settings,
      });
      return new World(browser, daemon, feed);
    } catch (failure) {
      await feed.close();
      throw failure;
    }
  }

  #browser;
  #daemon;
  #feed;
  #people = [];

  constructor(browser, daemon, feed) {
    this.#browser = browser;
    this.#daemon = daemon;
    this.#feed = feed;
    this.api = new Api(daemon.origin, daemon.token());
  }

  get origin() {
    return this.#daemon.origin;
  }

  get feed() {
    return this.#feed.url;
  }

  get hostileFeed() {
    return this.#feed.hostile;
  }

  /** Posts that really went out, from the network's own file. */
  posted() {
    return this.#daemon.posted();
  }

  /** Somebody opens the console in a browser of their own. */
  async comes(name, { size = WIDE, colours = "dark", look } = {}) {
    const context = await this.#browser.newContext({
      viewport: size,
      colorScheme: colours,
      locale: "en-GB",
      reducedMotion: "reduce",
      baseURL: this.origin,
    });
    // Chosen on an earlier visit, where a journey says so.
    if (look) await context.addInitScript(keepsLook, { theme: look, density: "regular" });
    const page = await context.newPage();
    const watch = new Watch(this.origin);
    await watch.over(page);
    const person = new Person(name, page, watch);
    this.#people.push(person);
    await person.opens("/");
    return person;
  }

  /** The owner's account, made by a script where the first run is not what the journey is about. */
  async hasOwner() {
    const { name, email, password } = OLGA;
    await this.api.post("/api/v1/setup", { name, email, password, starter_agent: true });
  }

  /** The owner, signed in. */
  async owner(manner) {
    await this.hasOwner();
    const person = await this.comes(OLGA.name, manner);
    await signsIn(person, OLGA);
    return person;
  }

  /** What was wrong on anybody's page, whatever the journey looked at. */
  faults() {
    return this.#people.flatMap(({ name, watch }) => watch.faults.map((one) => `${name}: ${one}`));
  }

  /** The server leaves, something happens to its data, and it comes back at the same address. */
  async restarts(meanwhile) {
    this.#daemon = await this.#daemon.again(meanwhile);
    // The token for scripts is new at every start.
    this.api = new Api(this.#daemon.origin, this.#daemon.token());
  }

  /** The server dies on the spot. */
  async dies() {
    await this.#daemon.die();
  }

  /** The server that died is started again, at the same address. */
  async comesBack() {
    await this.restarts(() => {});
  }

  /** The server leaves before the people do. */
  async leaves() {
    await this.#daemon.stop();
  }

  /** Leaves a picture of every page and the server's log, and says where. */
  async leave(journey, failure) {
    const folder = join(LEFT, journey);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "failure.txt"), `${failure.stack ?? failure}\n`);
    copyFileSync(this.#daemon.log, join(folder, "server.log"));
    for (const { name, page } of this.#people) {
      const path = join(folder, `${name.toLowerCase().replaceAll(/\W+/g, "-")}.png`);
      // A page that has crashed has no picture; that must not hide why.
      await page.screenshot({ path, timeout: 10_000 }).catch(() => {});
    }
    return folder;
  }

  async close() {
    const contexts = this.#people.map(({ page }) => page.context());
    await Promise.allSettled(contexts.map((context) => context.close()));
    await this.#daemon.stop();
    await this.#feed.close();
    this.#daemon.forget();
  }
}

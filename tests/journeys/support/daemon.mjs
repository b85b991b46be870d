// `chimerad serve` as a process in a home of its own. Whatever happens to the journey, it is stopped.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CONSOLE } from "./places.mjs";

const STARTS_WITHIN_MS = 60_000;
const LEAVES_WITHIN_MS = 15_000;

const alive = new Set();
// The last resort: nobody outlives the journeys.
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

function within(ms, promise, words) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(words)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Daemon {
  /** Starts the server on a free port, with these settings from the environment and nobody else's. */
  static async start(chimerad, settings = {}) {
    const folder = mkdtempSync(join(tmpdir(), "chimera-journey-"));
    for (const room of ["home", "work"]) mkdirSync(join(folder, room));
    return Daemon.#serve({ chimerad, settings, folder, port: "0" });
  }

  static async #serve({ chimerad, settings, folder, port }) {
    const log = join(folder, "log");
    const environment = { HOME: join(folder, "home"), CHIMERA_UI_DIR: CONSOLE, ...settings };
    if (process.env.LLVM_PROFILE_FILE)
      environment.LLVM_PROFILE_FILE = process.env.LLVM_PROFILE_FILE;
    const child = spawn(chimerad, ["--data-dir", join(folder, "data"), "serve", "--port", port], {
      cwd: join(folder, "work"),
      env: environment,
      stdio: ["ignore", "pipe", openSync(log, "a")],
    });
    alive.add(child);
    const left = new Promise((done) => {
      child.once("error", done);
      child.once("exit", done);
    }).finally(() => alive.delete(child));
    const lines = createInterface({ input: child.stdout });
    const first = new Promise((said, fail) => {
      lines.once("line", said);
      left.then(() => fail(new Error(`chimerad did not start:\n${readFileSync(log, "utf8")}`)));
    });
    const daemon = new Daemon({ child, folder, log, left, again: { chimerad, settings, folder } });
    try {
      daemon.origin = await within(STARTS_WITHIN_MS, first, "chimerad said nothing in time");
      return daemon;
    } catch (failure) {
      await daemon.stop();
      throw failure;
    }
  }

  #child;
  #left;
  #again;

  constructor({ child, folder, log, left, again }) {
    this.#again = again;
    this.#child = child;
    this.#left = left;
    this.folder = folder;
    this.log = log;
  }

  /** The token for scripts. */
  token() {
    return readFileSync(join(this.folder, "data", "token"), "utf8").trim();
  }

  /** Posts that really went out, as the sandbox network's own file has them. */
  posted() {
    try {
      const text = readFileSync(join(this.folder, "data", "sandbox.jsonl"), "utf8");
      const records = text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      return records.filter(({ kind }) => kind === "posted").map(({ post }) => post);
    } catch (failure) {
      if (failure.code === "ENOENT") return [];
      throw failure;
    }
  }

  /** Asks it to leave, and insists when it does not. */
  async stop() {
    if (!alive.has(this.#child)) return;
    this.#child.kill("SIGTERM");
    try {
      await within(LEAVES_WITHIN_MS, this.#left, "chimerad did not leave");
    } catch {
      this.#child.kill("SIGKILL");
      await this.#left;
    }
  }

  /** Dies on the spot, as in a power cut: nobody is asked and nothing is put away. */
  async die() {
    this.#child.kill("SIGKILL");
    await this.#left;
  }

  /** Leaves, lets something happen to its data, and starts in the same home at the same address. */
  async again(meanwhile) {
    await this.stop();
    await meanwhile(join(this.folder, "data"));
    return Daemon.#serve({ ...this.#again, port: new URL(this.origin).port });
  }

  /** Takes the home away. */
  forget() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// What the window stands on in a test: a virtual display, a session bus, an unlocked keyring, a home of its own.
// Nothing of the machine's own display or keychain is touched. Never here: the window, or an expectation.
import { execFile, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Longest wait for anything to come up, on the slowest machine. */
export const WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** A bus with nothing on it and nothing that it would start by itself. */
const BUS = readFileSync(new URL("../session-bus.conf", import.meta.url), "utf8");

/** Asks until there is an answer that is not empty. */
export async function until(what, ask, within = WITHIN_MS) {
  const end = Date.now() + within;
  let cause = "";
  while (Date.now() < end) {
    try {
      const found = await ask();
      if (found) return found;
    } catch (error) {
      cause = `: ${error.message}`;
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`${what} did not come in ${within / 1000} s${cause}`);
}

/** Runs a program to its end; what it said, however it ended. */
export function finished(program, args, env) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, timeout: WITHIN_MS }, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") reject(new Error(`${program} is not installed`));
      else resolve({ code: error ? (error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

export class Ground {
  #children = [];

  /** A display of this size, a bus and a keyring; `keyring: false` leaves both of these out. */
  static async lay({ width = 1440, height = 900, keyring = true } = {}) {
    const ground = new Ground();
    ground.home = await mkdtemp(join(tmpdir(), "chimera-window-"));
    for (const folder of ["run", "work", "screen"]) {
      await mkdir(join(ground.home, folder), { mode: 0o700 });
    }
    ground.env = {
      PATH: process.env.PATH,
      HOME: ground.home,
      XDG_RUNTIME_DIR: join(ground.home, "run"),
      // The usual language of a build machine; a window must not stay blank because of it.
      LANG: "C.UTF-8",
      NO_AT_BRIDGE: "1",
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(ground.home, "bus")}`,
    };
    try {
      await ground.#display(width, height);
      if (keyring) await ground.#keyring();
    } catch (error) {
      await ground.clear();
      throw error;
    }
    return ground;
  }

  /** Starts a program that ends with the ground. What it says goes into `<home>/<name>.log`. */
  start(name, program, args, { stdio = [], env = this.env } = {}) {
    const log = openSync(this.log(name), "a");
    const child = spawn(program, args, {
      cwd: join(this.home, "work"),
      env,
      stdio: [stdio[0] ?? "ignore", stdio[1] ?? log, log, stdio[3] ?? "ignore"],
    });
    closeSync(log);
    child.failure = new Promise((resolve) => child.once("error", resolve));
    child.gone = new Promise((resolve) => child.once("close", (code) => resolve(code ?? -1)));
    this.#children.push(child);
    return child;
  }

  log(name) {
    return join(this.home, `${name}.log`);
  }

  async #display(width, height) {
    const screen = ["-screen", "0", `${width}x${height}x24`, "-fbdir", join(this.home, "screen")];
    // The display says on its third descriptor which number was free.
    const args = ["-displayfd", "3", "-nolisten", "tcp", ...screen];
    const child = this.start("display", "Xvfb", args, { stdio: ["ignore", undefined, undefined, "pipe"] });
    let said = "";
    child.stdio[3].on("data", (bytes) => {
      said += bytes;
    });
    const up = until("the virtual display", () => said.includes("\n"));
    const failed = child.failure.then(() => {
      throw new Error("Xvfb is not installed");
    });
    await Promise.race([up, failed]);
    this.env.DISPLAY = `:${said.trim()}`;
  }

  async #keyring() {
    const config = join(this.home, "bus.conf");
    await writeFile(config, BUS.replace("SOCKET", join(this.home, "bus")));
    this.start("bus", "dbus-daemon", ["--nofork", "--config-file", config]);
    await until("the session bus", async () => (await readdir(this.home)).includes("bus"));
    const args = ["--foreground", "--unlock", "--components=secrets"];
    const keyring = this.start("keyring", "gnome-keyring-daemon", args, { stdio: ["pipe"] });
    keyring.stdin.end("password of a test");
    await until("the keyring", async () => {
      const words = ["store", "--label=probe", "of", "the-ground"];
      const stored = await new Promise((resolve) => {
        const child = spawn("secret-tool", words, { env: this.env, stdio: ["pipe", "ignore", "ignore"] });
        child.once("error", () => resolve(-1));
        child.once("close", resolve);
        child.stdin.on("error", () => {});
        child.stdin.end("probe");
      });
      return stored === 0;
    });
    await finished("secret-tool", ["clear", "of", "the-ground"], this.env);
  }

  /** Every provider's key that Chimera has in the real keyring, asked behind its back: account and secret. Beside them
   * lie the one that signs the audit log and the one that the data's key is sealed with. */
  async secrets() {
    const found = await finished("secret-tool", ["search", "--all", "service", "chimera"], this.env);
    const lines = `${found.stdout}\n${found.stderr}`.split("\n");
    const values = (name) =>
      lines.filter((line) => line.startsWith(`${name} = `)).map((line) => line.slice(name.length + 3));
    const secrets = values("secret");
    const entries = values("attribute.username").map((account, at) => ({ account, secret: secrets[at] }));
    const ofProviders = entries.filter(({ account }) => !/(audit-signing|data)-key$/.test(account));
    return {
      accounts: ofProviders.map(({ account }) => account),
      secrets: ofProviders.map(({ secret }) => secret),
    };
  }

  /** Files below the home that hold these bytes. */
  async filesWith(text) {
    const wanted = Buffer.from(text);
    const found = [];
    for (const entry of await readdir(this.home, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      // A file that goes while one looks holds nothing.
      const bytes = await readFile(path).catch(() => Buffer.alloc(0));
      if (bytes.includes(wanted)) found.push(path.slice(this.home.length + 1));
    }
    return found;
  }

  /** Colours on the display, as the framebuffer has them: how many pixels of each. */
  async colours() {
    const file = await readFile(join(this.home, "screen", "Xvfb_screen0"));
    // The X window dump's header: big-endian words; its own size first, the width fifth, the height sixth, bytes of a
    // line thirteenth, entries of the colour map twentieth.
    const word = (index) => file.readUInt32BE(index * 4);
    const begin = word(0) + word(19) * 12;
    const [width, height, line] = [word(4), word(5), word(12)];
    const count = new Map();
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const colour = file.readUInt32LE(begin + y * line + x * 4) & 0xffffff;
        count.set(colour, (count.get(colour) ?? 0) + 1);
      }
    }
    return count;
  }

  /** Ends everything that was started, and takes the home away. */
  async clear() {
    for (const child of this.#children.reverse()) {
      if (child.exitCode === null && child.signalCode === null && child.pid) child.kill("SIGTERM");
    }
    const all = Promise.all(this.#children.filter(({ pid }) => pid).map(({ gone }) => gone));
    await Promise.race([all, pause(5_000)]);
    for (const child of this.#children) {
      if (child.exitCode === null && child.signalCode === null && child.pid) child.kill("SIGKILL");
    }
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

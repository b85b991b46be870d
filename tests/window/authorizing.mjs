// A server that wants to be authorized by a person, and the program that opens a page of the web on this ground.
// Never here: an expectation, or a real browser: what the window wants opened is written down, and followed by the test.
import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { until } from "./ground.mjs";

const SERVER = fileURLToPath(new URL("../journeys/support/authorizing-server.mjs", import.meta.url));

export class Authorizing {
  #child;
  #opened;

  /** Starts it, and puts the program that opens pages in front of the machine's own. */
  static async start(ground) {
    const server = new Authorizing();
    const programs = join(ground.home, "programs");
    server.#opened = join(ground.home, "opened");
    await mkdir(programs);
    const opener = join(programs, "xdg-open");
    await writeFile(opener, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${server.#opened}'\n`);
    await chmod(opener, 0o755);
    ground.env.PATH = `${programs}:${ground.env.PATH}`;
    server.#child = spawn(process.execPath, [SERVER], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: server.#child.stdout });
    server.origin = await new Promise((said) => lines.once("line", said));
    await server.is({ page: true });
    return server;
  }

  /** Tells it how to be; answers what it saw so far. */
  async is(change) {
    const answer = await fetch(`${this.origin}/control`, { method: "POST", body: JSON.stringify(change) });
    return answer.json();
  }

  /** The page that the window wanted to be opened, once there is one. */
  page() {
    return until("a page that is opened", async () => {
      const said = await readFile(this.#opened, "utf8").catch(() => "");
      return said.split("\n")[0];
    });
  }

  /** Goes through that page as a browser does, and agrees; what the last page said. */
  async agrees(page) {
    const asked = await (await fetch(page)).text();
    const link = /<a[^>]*href="([^"]+)"[^>]*>Agree<\/a>/.exec(asked)?.[1];
    if (!link) throw new Error(`there is nothing to agree to: ${asked}`);
    const answer = await fetch(new URL(link.replaceAll("&amp;", "&"), page));
    return answer.text();
  }

  stop() {
    this.#child.kill("SIGKILL");
  }
}

// The browser under test, without anything that talks to the outside by itself.
import { chromium } from "./tools.mjs";

export function launch(program) {
  return chromium.launch({
    executablePath: program,
    args: [
      // Containers give a browser no sandbox of its own; it only ever sees our own pages.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--no-first-run",
    ],
  });
}

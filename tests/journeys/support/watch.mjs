// Looks over a page's shoulder: errors nobody caught, errors on its console, breaches of the content policy, requests
// to another host. Each of them fails the journey.

/** What the API answers those who are not signed in; the console asks before it knows. */
const SIGNED_OUT = { status: 401, path: /^\/api\/v1\/session$/ };

/** Chromium's own words for an answer that is no success. */
const NOT_THERE = /^Failed to load resource: net::ERR_/;
const NOT_LOADED = /^Failed to load resource: the server responded with a status of (\d+)/;

export class Watch {
  /** What was wrong, in words. */
  faults = [];
  #origin;
  #allowed = [SIGNED_OUT];
  #lossAllowed = false;

  constructor(origin) {
    this.#origin = origin;
  }

  /** From now on the API may answer this path with this status: the journey provokes it. */
  allow(status, path) {
    this.#allowed.push({ status, path });
  }

  /** From now on the server may not be there at all. */
  allowLoss() {
    this.#lossAllowed = true;
  }

  #isAllowed(text, url) {
    if (this.#lossAllowed && NOT_THERE.test(text)) return true;
    const status = Number(NOT_LOADED.exec(text)?.[1]);
    const { origin, pathname } = new URL(url || this.#origin);
    return (
      origin === this.#origin &&
      this.#allowed.some((one) => one.status === status && one.path.test(pathname))
    );
  }

  async over(page) {
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (breach) =>
        console.error(`content policy: ${breach.violatedDirective} ${breach.blockedURI}`),
      );
    });
    page.on("pageerror", (error) => this.faults.push(`not caught: ${error.stack ?? error}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const text = message.text();
      const { url } = message.location();
      if (this.#isAllowed(text, url)) return;
      this.faults.push(`on the console: ${text} ${url}`);
    });
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      const inside = protocol === "data:" || (protocol === "blob:" && origin === this.#origin);
      if (!inside && origin !== this.#origin) {
        this.faults.push(`asked another host: ${request.url()}`);
      }
    });
  }
}

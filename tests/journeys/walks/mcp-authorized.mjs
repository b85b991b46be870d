// A server answers that it wants a person. She opens its page from the console by keyboard, agrees there, and comes back to
// its tools; later its authorization ends, she is told why, refuses once, and has all of it forgotten.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Jury } from "../support/jury.mjs";
import { keyring } from "../support/keyring.mjs";
import { until } from "../support/until.mjs";

const REGISTRY = "/api/v1/connections/registry";
const SERVER = fileURLToPath(new URL("../support/authorizing-server.mjs", import.meta.url));

export const settings = await keyring();

async function ledger() {
  const child = spawn(process.execPath, [SERVER], { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  const origin = await new Promise((said) => lines.once("line", said));
  const is = async (change) => {
    const answer = await fetch(`${origin}/control`, { method: "POST", body: JSON.stringify(change) });
    return answer.json();
  };
  await is({ page: true });
  return { origin, is, seen: () => is({}), stop: () => child.kill() };
}

async function registers(world, origin) {
  const program = { url: `${origin}/mcp` };
  const { launch } = await world.api.post(REGISTRY, { name: "ledger", program });
  await world.api.post(`${REGISTRY}/ledger/trust`, { launch: launch.digest });
}

/** Opens the page of a round and says yes or no there. */
async function answers(olga, link, word) {
  const context = olga.page.context();
  const [page] = await Promise.all([context.waitForEvent("page"), olga.clicks(link)]);
  await page.getByRole("heading", { name: "Let Chimera read the ledger?" }).waitFor();
  assert.equal(await page.evaluate(() => window.opener), null, "the page can reach the console");
  assert.equal(await page.evaluate(() => document.referrer), "", "the page is told where she came from");
  await page.getByRole("link", { name: word, exact: true }).click();
  const said = await page.getByText(/uthorized\. You can close this page/).textContent();
  await page.close();
  return said;
}

export async function walk(world) {
  const jury = new Jury();
  const server = await ledger();
  const olga = await world.owner({ look: "system" });
  await registers(world, server.origin);
  await olga.opens("/connections");
  await olga.sees(olga.button("Authorize ledger"));
  await olga.sees(olga.page.getByText(/The server "ledger" wants to be authorized by a person/));
  await olga.clicks(olga.page.getByRole("button", { name: /^ledger / }));
  const card = olga.page.getByRole("region", { name: "Authorization" });
  await olga.sees(card.getByText("needed", { exact: true }));
  await card.scrollIntoViewIfNeeded();
  await jury.looks(olga, "a server needs to be authorized");

  await olga.button("Authorize…", card).focus();
  await olga.presses("Enter");
  const dialog = olga.page.getByRole("dialog");
  await olga.sees(dialog.getByText(/Chimera never sees your password/));
  await dialog.getByText("A client that you registered there by hand").click();
  await olga.sees(dialog.getByLabel("Client id", { exact: true }));
  await jury.looks(olga, "before a server is authorized");
  await olga.button("Go on", dialog).focus();
  await olga.presses("Enter");
  const link = olga.link("Open the page", dialog);
  await olga.sees(link);
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  await jury.looks(olga, "a page to authorize a server on");
  assert.match(await answers(olga, link, "Agree"), /^Authorized\./);
  await olga.sees(dialog.getByText("Authorized. Its tools can be used now, as far as they are trusted."));
  await olga.clicks(olga.button("Done", dialog));
  await olga.sees(card.getByText("authorized", { exact: true }));
  await olga.sees(card.getByText(server.origin));
  await until("its tools are listed", async () => {
    const { items } = await world.api.get("/api/v1/connections/tools");
    return items.some(({ server, tool }) => server === "ledger" && tool === "read_ledger");
  });
  await card.scrollIntoViewIfNeeded();
  await jury.looks(olga, "a server is authorized");

  // The leave to renew is taken back: she is told why it ended.
  await server.is({ ends: true, leaves: false });
  await olga.clicks(olga.button("Test ledger"));
  await olga.sees(card.getByText("ended", { exact: true }));
  await olga.sees(card.getByText("OAUTH_TOKEN_REFUSED"));
  await card.scrollIntoViewIfNeeded();
  await jury.looks(olga, "an authorization ended");

  await olga.clicks(olga.button("Authorize again…", card));
  await olga.clicks(olga.button("Go on", dialog));
  assert.match(await answers(olga, olga.link("Open the page", dialog), "Refuse"), /^Not authorized\./);
  await olga.sees(dialog.getByText("OAUTH_DENIED"));
  await jury.looks(olga, "an authorization was refused");
  await olga.clicks(olga.button("Begin again", dialog));
  await olga.clicks(olga.button("Go on", dialog));
  await server.is({ leaves: true });
  assert.match(await answers(olga, olga.link("Open the page", dialog), "Agree"), /^Authorized\./);
  await olga.clicks(olga.button("Done", dialog));
  await olga.sees(card.getByText("authorized", { exact: true }));

  await olga.clicks(olga.button("Forget the authorization", card));
  await olga.clicks(olga.button("Forget the authorization", olga.page.getByRole("alertdialog").or(dialog)));
  await olga.clicks(olga.button("Test ledger"));
  await olga.sees(card.getByText("needed", { exact: true }));
  const { tokens, registered } = await server.seen();
  assert.ok(tokens.length >= 4, `${tokens.length} tokens`);
  assert.ok(registered >= 1, "Chimera did not register itself");
  server.stop();
  jury.rules();
  return "needed, agreed, ended, refused, forgotten";
}

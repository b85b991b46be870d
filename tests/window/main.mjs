// Smoke test of the real window: a first run that puts a provider's key into a real keychain, and a second start that
// finds it there. Usage: CHIMERA_WINDOW=<program> node tests/window/main.mjs; the last line is `N passed, N failed`.
import assert from "node:assert/strict";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { api, authorize, describeProvider, OWNER, owner, planInVain, waitsForReview } from "./acts.mjs";
import { Authorizing } from "./authorizing.mjs";
import { finished, Ground, until } from "./ground.mjs";
import { Notifications } from "./notifications.mjs";
import { Provider } from "./provider.mjs";
import { Window } from "./window.mjs";

/** Obviously no key of anybody. */
const KEY = "fake-window-key-for-tests-0000";
const OTHER_KEY = "fake-window-key-for-tests-1111";
/** What a person has typed when the program dies. */
const EDIT = "#UnderMyHands";
/** On a screen with something on it, no colour has more than this share, and there are more colours than these. */
const MOST_OF_ONE_COLOUR = 0.97;
const FEWEST_COLOURS = 24;

const program = process.env.CHIMERA_WINDOW;
if (!program) {
  console.error("CHIMERA_WINDOW is not set: the path of the built window");
  process.exit(2);
}
/** Where pictures go, when somebody wants to look. */
const pictures = process.env.CHIMERA_PICTURES;

let passed = 0;
let failed = 0;
let broken = false;

/** One step; those after a failed one would only repeat it. */
async function step(name, work) {
  if (broken) {
    failed += 1;
    console.log(`not run  ${name}`);
    return;
  }
  try {
    const told = await work();
    passed += 1;
    console.log(`ok       ${name}${told ? ` (${told})` : ""}`);
  } catch (error) {
    failed += 1;
    broken = true;
    console.log(`FAILED   ${name}\n${error.stack}`);
  }
}

async function picture(ground, name) {
  if (!pictures) return;
  await mkdir(pictures, { recursive: true });
  await copyFile(join(ground.home, "screen", "Xvfb_screen0"), join(pictures, `${name}.xwd`));
}

async function isDrawn(ground) {
  const colours = await ground.colours();
  const all = [...colours.values()].reduce((sum, count) => sum + count, 0);
  const most = Math.max(...colours.values()) / all;
  return colours.size >= FEWEST_COLOURS && most <= MOST_OF_ONE_COLOUR;
}

async function open(ground) {
  const window = await Window.open(ground, program, {
    CHIMERA_DATA_DIR: join(ground.home, "data"),
    CHIMERA_ALLOW_HOSTS: "127.0.0.1",
    RUST_LOG: "info",
    // The person's own variable must not help the test.
    OPENAI_API_KEY: "",
  });
  window.home = ground.home;
  return window;
}

/** The whole way with a keychain. */
async function withKeychain() {
  const ground = await Ground.lay();
  const provider = await Provider.start();
  const notifications = await Notifications.start(ground);
  const authorizing = await Authorizing.start(ground);
  let window;
  try {
    await step("the window opens on the first run", async () => {
      window = await open(ground);
      await window.text("Welcome to Chimera");
      const ms = Math.round(performance.now() - window.startedAt);
      const paint = await window.run(
        "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null",
      );
      const inPage = paint === null ? "" : `, first paint ${Math.round(paint)} ms after the page began`;
      return `${ms} ms from start to the first words, through the driver${inPage}`;
    });
    await step("its screen is not blank", async () => {
      await until("a drawn screen", () => isDrawn(ground));
      await picture(ground, "1-first-run");
    });
    await step("the owner's account is made by keyboard alone", () => owner(window));
    await step("a provider's key is stored in the keyring and used", async () => {
      await describeProvider(window, provider);
      await window.text("Stored in GNOME Keyring (Secret Service) on this machine; survives a restart.");
      await window.type("Key", KEY);
      await picture(ground, "2-provider");
      await window.press("Store the key and test");
      await window.text("It answers");
      assert.deepEqual(provider.asked, [`Bearer ${KEY}`]);
      await picture(ground, "3-tested");
      await window.press("Use this provider");
      await window.text("openai: window-model");
    });
    await step("the real keyring has it, under the tenant and the provider's host", async () => {
      const { accounts, secrets } = await ground.secrets();
      assert.deepEqual(secrets, [KEY]);
      assert.match(accounts[0], new RegExp(`^[0-9a-f-]{36}/${provider.keyName.replaceAll(".", "\\.")}$`));
    });
    await step("a second start brings this window forward and leaves", async () => {
      const env = { ...ground.env, CHIMERA_DATA_DIR: join(ground.home, "data") };
      const second = await finished(program, [], env);
      assert.equal(second.code, 0, second.stderr);
      assert.equal((await window.processes()).length, 1);
    });
    await step("after a restart the provider still has its key", async () => {
      await window.close();
      provider.asked.length = 0;
      window = await open(ground);
      await window.text("Sign in");
      await window.keys(`${OWNER.email}<Tab>${OWNER.password}<Enter>`);
      await window.press("Connections");
      await window.text("openai answers");
      await until("a drawn screen", () => isDrawn(ground));
      await window.press("Test what answers");
      await window.text("It answers");
      assert.deepEqual(provider.asked, [`Bearer ${KEY}`]);
      await picture(ground, "4-connections");
    });
    await step("a provider that fails is told to the person by the system, and to the page in words", async () => {
      await planInVain(window, provider);
      await window.text("Reviews, approvals and publishing go on.");
      await picture(ground, "4b-degraded");
      const told = await until("a notification", () => notifications.shown[0]);
      assert.equal(told.program, "Chimera");
      assert.equal(told.title, "The AI provider fails and is left alone");
      assert.equal(notifications.shown.length, 1);
    });
    await step("a replaced key is used from the next question on", async () => {
      await window.press("Replace");
      await window.type("New key", OTHER_KEY);
      await window.press("Store the key");
      await until("the other key in the keyring", async () => {
        const { secrets } = await ground.secrets();
        return secrets.length === 1 && secrets[0] === OTHER_KEY;
      });
      await window.press("Test what answers");
      await until("a question with the other key", () => provider.asked.at(-1) === `Bearer ${OTHER_KEY}`);
    });
    await step("a removed key is gone, and nothing answers in its place", async () => {
      await window.find("the button", '//li//button[normalize-space(.) = "Remove"]');
      await window.run(
        "[...document.querySelectorAll('li button')].find((b) => b.innerText.trim() === 'Remove' && b.closest('li').innerText.startsWith('Key for')).click()",
      );
      await window.text("it answers nothing more until it has another");
      await picture(ground, "5-remove");
      await window.press("Remove");
      await until("an empty keyring", async () => (await ground.secrets()).accounts.length === 0);
      const asked = provider.asked.length;
      await window.press("Test what answers");
      await window.text("The keychain holds no key");
      assert.equal(provider.asked.length, asked);
    });
    await step("a server's page is opened in the person's browser, and what she agrees to there is known here", async () => {
      await authorize(window, authorizing);
      await picture(ground, "5b-authorized");
      const { tokens, accepted } = await authorizing.is({});
      assert.ok(accepted > 0, "the server was never asked with a token");
      const { secrets } = await ground.secrets();
      assert.ok(tokens.every((token) => secrets.join("").includes(token.slice(0, 40))), "a token is not in the keyring");
      for (const token of tokens) assert.deepEqual(await ground.filesWith(token), []);
    });
    await step("the keys are in no file and in no log, and what was entered cannot be read on the disk", async () => {
      assert.ok((await readFile(ground.log("window"), "utf8")).includes("the keychain works"));
      // What is written in plain is found by this search: of the data, the envelope of its key alone.
      assert.deepEqual(await ground.filesWith("AES-256-GCM"), ["data/data.key"]);
      assert.deepEqual(await ground.filesWith(OWNER.email), []);
      assert.deepEqual(await ground.filesWith(KEY), []);
      assert.deepEqual(await ground.filesWith(OTHER_KEY), []);
      assert.deepEqual(await ground.filesWith(OWNER.password), []);
    });
    await step("closing the window ends the program in order", async () => {
      await window.shut();
      window = undefined;
      const log = await readFile(ground.log("window"), "utf8");
      assert.ok(!/panicked|did not close well|cut short/.test(log), log);
    });
  } finally {
    if (broken) console.log(await readFile(ground.log("window"), "utf8").catch(() => ""));
    await window?.close().catch(() => {});
    provider.stop();
    notifications.stop();
    authorizing.stop();
    await ground.clear();
  }
}

/** The same where the machine offers no keychain. */
async function withoutKeychain() {
  const ground = await Ground.lay({ width: 1100, height: 700, keyring: false });
  const provider = await Provider.start();
  let window;
  try {
    await step("without a keychain the window says so and names the other way", async () => {
      window = await open(ground);
      await owner(window);
      await describeProvider(window, provider);
      await window.text("OPENAI_API_KEY is not set where Chimera was started.");
      await window.press("Test");
      await window.text("It does not answer");
      assert.deepEqual(provider.asked, []);
      await picture(ground, "6-no-keychain");
    });
    await step("and the API refuses a key with a stable code, and keeps it nowhere", async () => {
      const answer = await window.run(
        `return window.__TAURI_INTERNALS__.invoke("api_request", { request: {
          method: "POST", path: "/api/v1/connections/keys",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ name: "openai", key: arguments[0] }),
        } })`,
        KEY,
      );
      const { error } = JSON.parse(answer.body);
      assert.equal(answer.status, 503);
      assert.equal(error.code, "KEYCHAIN_MISSING");
      assert.match(error.message, /OPENAI_API_KEY/);
      assert.deepEqual(await ground.filesWith(KEY), []);
    });
  } finally {
    if (broken) console.log(await readFile(ground.log("window"), "utf8").catch(() => ""));
    await window?.close().catch(() => {});
    provider.stop();
    await ground.clear();
  }
}

/** The program is killed while a person edits a draft. */
async function killedInReview() {
  const ground = await Ground.lay({ keyring: false });
  let window;
  let review;
  try {
    await step("a draft of the rehearsal is being edited in the window", async () => {
      window = await open(ground);
      await owner(window);
      await window.press("Go on with the rehearsal");
      review = await waitsForReview(window);
      await window.run("location.hash = arguments[0]", `#/review/${review}`);
      await window.find("the item", '//button[starts-with(normalize-space(.), "Approve")]');
      await window.keys("e");
      await window.find("the editor", '//*[@role="textbox" and @aria-label="Edit the text"]');
      await window.keys(EDIT);
      await until("the words in the editor", () => window.shows(EDIT));
      await picture(ground, "7-edited");
    });
    await step("killed and opened again, the item waits and the words are there", async () => {
      await window.die();
      window = await open(ground);
      await window.text("Sign in");
      await window.keys(`${OWNER.email}<Tab>${OWNER.password}<Enter>`);
      await until("the page behind the door", () => window.shows("Home"));
      await window.run("location.hash = arguments[0]", `#/review/${review}`);
      await window.find("the item", '//button[starts-with(normalize-space(.), "Approve")]');
      await until("the words in the editor", () => window.shows(EDIT));
      await picture(ground, "8-edited-again");
      const { body } = await api(window, "GET", "/api/v1/reviews?state=open");
      assert.equal(body.items.length, 1);
      assert.deepEqual((await api(window, "GET", "/api/v1/sandbox/feed")).body.items, []);
    });
  } finally {
    if (broken) console.log(await readFile(ground.log("window"), "utf8").catch(() => ""));
    await window?.close().catch(() => {});
    await ground.clear();
  }
}

for (const part of [withKeychain, withoutKeychain, killedInReview]) {
  try {
    await part();
  } catch (error) {
    failed += 1;
    broken = true;
    console.log(`FAILED   ${part.name}\n${error.stack}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

// Makes the pictures that the README shows, from the real console on a real server: node tests/journeys/pictures.mjs
// CHIMERAD names the binary, CHROMIUM the browser; the console is the one built in ui/dist. Not a test.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./support/browser.mjs";
import { newsroom } from "./support/newsroom.mjs";
import { OLGA, signsIn } from "./support/people.mjs";
import { PICTURES, underTest } from "./support/places.mjs";
import { settled } from "./support/settled.mjs";
import { World } from "./support/world.mjs";

async function takes(person, name) {
  await person.page.mouse.move(0, 0);
  await settled(person.page);
  const path = join(PICTURES, `${name}.png`);
  await person.page.screenshot({ path });
  console.log(path);
}

async function review(olga, { review }) {
  await olga.opens(`/review/${review}`);
  await olga.sees(olga.button("Approve"));
  await olga.presses("e");
  const editor = olga.page.getByRole("textbox", { name: "Edit the text" });
  await olga.clicks(editor);
  await olga.presses("Control+End Control+Backspace Control+Backspace");
  await olga.writes("#WorthALook");
  await olga.presses("ArrowUp ArrowUp End");
  await olga.writes(" Worth a look.");
  await olga.sees("Judged again");
  await takes(olga, "review");
  await olga.presses("Escape");
}

async function composer(olga, { planned, step }) {
  await olga.opens(`/campaigns/${planned}/plan`);
  await olga.clicks(olga.page.getByRole("group", { name: step }));
  await olga.sees("Takes from");
  await takes(olga, "composer");
}

async function trace(olga, { trace }) {
  await olga.opens(`/traces/${trace}`);
  const steps = olga.page.getByRole("treegrid", { name: "Steps over time" });
  await olga.clicks(steps.getByText("draft", { exact: true }).first());
  await olga.sees("What went in and out");
  await takes(olga, "trace");
}

async function home(olga) {
  await olga.opens("/");
  await olga.sees("Next out and just out");
  await takes(olga, "home");
}

async function everything(world) {
  await world.hasOwner();
  const things = await newsroom(world);
  const olga = await world.comes(OLGA.name);
  await signsIn(olga, OLGA);
  await home(olga);
  await trace(olga, things);
  await composer(olga, things);
  await review(olga, things);
  const light = await world.comes("light", { look: "light" });
  await signsIn(light, OLGA);
  await light.opens(`/review/${things.doubtful}`);
  await light.sees("Why it is here");
  await takes(light, "review-light");
  const faults = world.faults();
  if (faults.length > 0) throw new Error(`the pages were not clean:\n${faults.join("\n")}`);
}

const { chimerad, browser: program } = underTest();
mkdirSync(PICTURES, { recursive: true });
const browser = await launch(program);
try {
  const world = await World.open({ browser, chimerad });
  try {
    await everything(world);
  } catch (failure) {
    console.log(await world.leave("pictures", failure));
    throw failure;
  } finally {
    await world.close();
  }
} finally {
  await browser.close();
}

// The main job: first run, goal, plan, start, review, edit, approve, published; and what can be looked up afterwards.
import assert from "node:assert/strict";
import { becomesOwner, OLGA } from "../support/people.mjs";

const GOAL = "Two posts about cold brew on tap for people who run a cafe, no health claims";
const INSTRUCTIONS = " Give one exact number.";
/** Shorter than what it replaces: a draft may be nearly as long as its network takes. */
const LAST = "#OnTap";

/** From the first screen to a plan: the account, the rehearsal model, the goal and a feed of one's own. */
async function asksForAPlan(olga, feed) {
  await becomesOwner(olga, OLGA);
  await olga.sees("Not an AI");
  await olga.clicks(olga.button("Go on with the rehearsal"));
  await olga.sees("The rehearsal model, not an AI");
  await olga.chooses("What it reads", "A feed of your own");
  await olga.fills("Address of the feed", feed);
  await olga.clicks(olga.button("Read it once"));
  await olga.sees("It can be read");
  await olga.fills("Goal, in plain words", GOAL);
  await olga.clicks(olga.button("Make a plan"));
  await olga.sees(olga.heading("Plan"));
}

function step(olga, title) {
  return olga.page.getByRole("group", { name: `Step ${title}` });
}

async function opensStep(olga, title) {
  await olga.clicks(step(olga, title));
  await olga.sees(olga.heading(title));
}

async function removesStep(olga, title) {
  await opensStep(olga, title);
  await olga.clicks(olga.button("Remove this step"));
  await olga.seesNoMore(step(olga, title));
}

/** Changes a step, takes a post out, and is refused a circle. */
async function editsThePlan(olga) {
  await olga.sees("5 steps");
  const write = "Write post 1 of 2 for sandbox";
  await opensStep(olga, write);
  const instructions = olga.page.getByLabel("Instructions", { exact: true });
  await olga.clicks(instructions);
  await olga.presses("Control+End");
  await olga.writes(INSTRUCTIONS);
  await removesStep(olga, "Publish post 2 on sandbox");
  await removesStep(olga, "Write post 2 of 2 for sandbox");
  await olga.sees("3 steps");

  await opensStep(olga, "Publish post 1 on sandbox");
  await olga.clicks(olga.button("Connect"));
  const dialog = olga.page.getByRole("dialog", { name: "Connect two steps" });
  await olga.chooses("feeds this one", write, dialog);
  await olga.sees(dialog.getByText("Connection refused."));
  await olga.sees(dialog.getByText("would wait for each other in a circle", { exact: false }));
  assert.equal(await olga.button("Connect", dialog).isDisabled(), true, "a circle can be made");
  await olga.clicks(olga.button("Cancel", dialog));

  await olga.sees("not saved");
  await olga.clicks(olga.button("Save"));
  await olga.seesNoMore("not saved");
  await olga.sees("v2");
}

/** Looks at what is not there yet: nothing leaves before a decision. */
async function seesNothingPosted({ world, olga }) {
  await olga.presses("g b");
  await olga.clicks(olga.link("Sandbox network"));
  await olga.sees("Nobody has posted yet");
  assert.deepEqual(await world.api.posts(), []);
  assert.deepEqual(world.posted(), []);
}

/** Writes an edit, sees what differs, and approves it by keyboard. */
async function editsAndApproves(olga) {
  await olga.presses("g r");
  await olga.sees(olga.row("Mara Voss", "Queue"));
  await olga.sees("AI-generated");
  await olga.presses("e");
  const editor = olga.page.getByRole("textbox", { name: "Edit the text" });
  await olga.sees(editor.and(olga.page.locator(":focus")));
  await olga.presses("Control+End Control+Backspace Control+Backspace");
  await olga.writes(LAST);
  await olga.sees(editor.getByRole("insertion").filter({ hasText: "OnTap" }));
  await olga.sees(editor.locator("del"));
  await olga.sees("Judged again");
  const moved = olga.page.getByRole("list", { name: "What the edit changed in the judge's eyes" });
  assert.equal(await moved.getByText("originality").count(), 0, "it is held against its own draft");
  const text = await olga.room.getByRole("article").innerText();
  await olga.presses("Control+Enter");
  await olga.sees("Edit approved, on hold");
  await olga.sees(olga.button("Undo"));
  return text;
}

async function seesThePost({ world, olga }) {
  await olga.presses("g b");
  await olga.sees("published");
  await olga.clicks(olga.link("Sandbox network"));
  const post = olga.room.getByRole("article").filter({ hasText: LAST });
  await olga.sees(post);
  await olga.sees(post.getByText("AI-assisted"));
  const [only, ...more] = world.posted();
  assert.deepEqual(more, [], "posted more than once");
  assert.ok(only.text.endsWith(LAST), only.text);
  assert.equal(only.disclosure.ai_generated, true);
}

async function looksItUp(olga) {
  await olga.presses("g t");
  const steps = olga.page.getByRole("treegrid", { name: "Steps over time" });
  for (const name of ["Plan the campaign", "Judge", "Wait for a person"]) {
    await olga.sees(steps.getByRole("row", { name }));
  }
  await olga.sees("rehearsal, not an AI");
  await olga.presses("g a");
  const records = [
    ["Plans", "Plan saved"],
    ["Campaigns", "Campaign started"],
    ["What leaves", "Action confirmed"],
    ["Decisions", "Draft edited and approved"],
  ];
  for (const [kind, act] of records) {
    await olga.chooses("Kind of act", kind);
    await olga.sees(olga.row(act, "Audit records"));
  }
  const decided = olga.row("Draft edited and approved", "Audit records");
  await olga.sees(decided.getByText(OLGA.name));
}

export async function walk(world) {
  const olga = await world.comes(OLGA.name);
  await asksForAPlan(olga, world.feed);
  await editsThePlan(olga);
  // So that the draft waits for a person however sure the judge is.
  await world.api.careful();
  await olga.presses("Control+Enter");
  await olga.sees(olga.page.getByText("Waits for a person"));
  await seesNothingPosted({ world, olga });
  await editsAndApproves(olga);
  await seesThePost({ world, olga });
  await looksItUp(olga);
}

// The watch over every page sees what it is there for: were it blind, the other journeys would prove less than they say.
import assert from "node:assert/strict";
import { until } from "../support/until.mjs";

const WANTED = [
  /^not caught: Error: thrown/,
  /^on the console: said/,
  /content policy: script-src/,
  /^asked another host/,
];

export async function walk(world) {
  const olga = await world.comes("Olga");
  await olga.sees(olga.heading("Welcome to Chimera"));
  assert.deepEqual(olga.watch.faults, []);
  await olga.page.evaluate(() => {
    setTimeout(() => {
      throw new Error("thrown");
    });
    console.error("said");
    const inline = document.createElement("script");
    inline.textContent = "document.title = 'run'";
    document.body.append(inline);
  });
  await olga.opens(world.feed);
  const seen = () => WANTED.filter((one) => olga.watch.faults.some((fault) => one.test(fault)));
  await until("every fault is seen", () => seen().length === WANTED.length, 10_000).catch(() => {
    assert.deepEqual(seen(), WANTED, olga.watch.faults.join("\n"));
  });
  olga.watch.faults = [];
}

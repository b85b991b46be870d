// Waiting for what no screen shows: by asking again until it is so, never by sleeping and hoping.
import { setTimeout as pause } from "node:timers/promises";

const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Asks `look` until it finds something; fails under the name `what`. */
export async function until(what, look, within = WITHIN_MS) {
  const end = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${within / 1000} s in vain: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}

import { beforeEach, describe, expect, it } from "vitest";
import { KeyDispatcher, SEQUENCE_WAIT_MS } from "./dispatcher";
import { type Action, KEY_TABLE } from "./table";

let did: Action[];
let clock: number;
let keys: KeyDispatcher;

beforeEach(() => {
  did = [];
  clock = 0;
  keys = new KeyDispatcher({
    mac: false,
    keysFor: (action) => KEY_TABLE[action].keys,
    now: () => clock,
  });
  document.body.innerHTML = `
    <main id="room" tabindex="-1"><button id="button">x</button></main>
    <input id="field" /><textarea id="area"></textarea><div id="rich" contenteditable></div>
    <div role="dialog"><button id="inside">x</button></div>`;
  // jsdom does not derive this property from the attribute.
  Object.defineProperty(document.getElementById("rich"), "isContentEditable", { value: true });
});

function answer(...actions: Action[]) {
  for (const action of actions) keys.register(action, () => did.push(action));
}

function press(key: string, init: KeyboardEventInit = {}, id = "room"): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  const listen = (heard: Event) => keys.handle(heard as KeyboardEvent);
  window.addEventListener("keydown", listen);
  document.getElementById(id)?.dispatchEvent(event);
  window.removeEventListener("keydown", listen);
  return event;
}

describe("KeyDispatcher", () => {
  it("acts on a bare key and keeps it from the browser", () => {
    answer("approve");
    const event = press("a");
    expect([did, event.defaultPrevented]).toEqual([["approve"], true]);
  });

  it("asks who stands behind last, whenever they came", () => {
    const leave = keys.register("search", () => did.push("search"));
    keys.registerBehind("search", () => did.push("palette"));
    press("/");
    expect(did).toEqual(["search"]);
    leave();
    press("/");
    expect(did).toEqual(["search", "palette"]);
  });

  it("never swallows a key that nobody answers", () => {
    answer("approve");
    expect(press("b").defaultPrevented).toBe(false);
    expect(press("a", { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(press("a", { metaKey: true }).defaultPrevented).toBe(false);
    expect(did).toEqual([]);
  });

  it("leaves typing alone in every kind of field", () => {
    answer("approve", "goHome", "sheet");
    for (const id of ["field", "area", "rich"]) {
      for (const key of ["a", "g", "h", "?"]) {
        expect(press(key, {}, id).defaultPrevented, `${key} in ${id}`).toBe(false);
      }
    }
    expect(did).toEqual([]);
  });

  it("hears modified keys and Escape in a field", () => {
    answer("palette", "commit", "drop");
    press("k", { ctrlKey: true }, "field");
    press("Enter", { ctrlKey: true }, "area");
    press("Escape", {}, "area");
    expect(did).toEqual(["palette", "commit", "drop"]);
  });

  it("leaves bare keys to menus and dialogs", () => {
    answer("approve", "drop");
    press("a", {}, "inside");
    press("Escape", {}, "inside");
    expect(did).toEqual([]);
  });

  it("leaves Enter to a focused button, and takes it elsewhere", () => {
    answer("open");
    expect(press("Enter", {}, "button").defaultPrevented).toBe(false);
    press("Enter");
    expect(did).toEqual(["open"]);
  });

  it("follows a sequence, and forgets it after a while", () => {
    answer("goHome", "goReview");
    expect(press("g").defaultPrevented).toBe(true);
    press("h");
    press("g");
    clock += SEQUENCE_WAIT_MS + 1;
    press("r");
    expect(did).toEqual(["goHome"]);
  });

  it("starts anew with the key that broke a sequence", () => {
    answer("goHome", "approve");
    press("g");
    press("a");
    expect(did).toEqual(["approve"]);
  });

  it("does not let g then r reject", () => {
    answer("goReview", "reject");
    press("g");
    press("r");
    press("r");
    expect(did).toEqual(["goReview", "reject"]);
  });

  it("asks the newest first, and the next one when it declines", () => {
    keys.register("undo", () => did.push("undo"));
    const leave = keys.register("undo", () => false);
    press("z");
    leave();
    keys.register("undo", () => did.push("save"));
    press("z");
    expect(did).toEqual(["undo", "save"]);
  });

  it("ignores a key that something else already took, and keys of an input method", () => {
    answer("approve");
    const room = document.getElementById("room");
    room?.addEventListener("keydown", (event) => event.preventDefault(), { once: true });
    press("a");
    press("a", { isComposing: true });
    expect(did).toEqual([]);
  });

  it("tells who would answer", () => {
    const leave = keys.register("approve", () => {});
    expect(keys.active()).toEqual(["approve"]);
    leave();
    expect(keys.active()).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import {
  isBare,
  type KeyPress,
  keyCaps,
  matchesChord,
  parseChord,
  parseKeys,
  writeChord,
} from "./chord";

function press(key: string, rest: Partial<KeyPress> = {}): KeyPress {
  return { key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...rest };
}

const matches = (text: string, event: KeyPress, mac = false) =>
  matchesChord(parseChord(text), event, mac);

describe("chord", () => {
  it("takes a bare letter only when no modifier is held", () => {
    expect(matches("a", press("a"))).toBe(true);
    expect(matches("a", press("a", { ctrlKey: true }))).toBe(false);
    expect(matches("a", press("a", { metaKey: true }))).toBe(false);
    expect(matches("a", press("a", { altKey: true }))).toBe(false);
    expect(matches("a", press("A", { shiftKey: true }))).toBe(false);
  });

  it("reads Mod as ⌘ on a Mac and Ctrl elsewhere", () => {
    expect(matches("Mod+K", press("k", { ctrlKey: true }))).toBe(true);
    expect(matches("Mod+K", press("k", { metaKey: true }))).toBe(false);
    expect(matches("Mod+K", press("k", { metaKey: true }), true)).toBe(true);
    expect(matches("Mod+K", press("k", { ctrlKey: true }), true)).toBe(false);
  });

  it("finds signs whatever Shift makes of them", () => {
    expect(matches("?", press("?", { shiftKey: true }))).toBe(true);
    expect(matches("/", press("/"))).toBe(true);
    const stop = press(">", { code: "Period", ctrlKey: true, shiftKey: true });
    expect(matches("Ctrl+Shift+.", stop)).toBe(true);
    expect(matches("Ctrl+Shift+.", { ...stop, key: ".", shiftKey: false })).toBe(false);
  });

  it("works on a keyboard without Latin letters", () => {
    expect(matches("a", press("ф", { code: "KeyA" }))).toBe(true);
    expect(matches("Mod+K", press("л", { code: "KeyK", ctrlKey: true }))).toBe(true);
  });

  it("knows sequences and which chords a person would type", () => {
    expect(parseKeys("g h").map((chord) => chord.key)).toEqual(["g", "h"]);
    expect([parseChord("g"), parseChord("Shift+G"), parseChord("Mod+G")].map(isBare)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("writes down a press so that it parses to itself", () => {
    for (const [event, text] of [
      [press("k", { ctrlKey: true }), "Mod+K"],
      [press("K", { ctrlKey: true, shiftKey: true }), "Mod+Shift+K"],
      [press("?", { shiftKey: true }), "?"],
      [press("x"), "x"],
      [press("Enter", { ctrlKey: true }), "Mod+Enter"],
    ] as const) {
      expect(writeChord(event, false)).toBe(text);
      expect(matches(text, event)).toBe(true);
    }
    expect(writeChord(press("Control", { ctrlKey: true }), false)).toBeNull();
  });

  it("prints the caps of each platform", () => {
    const name = (key: string) => key[0]?.toUpperCase() + key.slice(1);
    expect(keyCaps(parseChord("Ctrl+Shift+."), false, name)).toEqual(["Ctrl", "Shift", "."]);
    expect(keyCaps(parseChord("Mod+K"), true, name)).toEqual(["⌘", "K"]);
    expect(keyCaps(parseChord("Escape"), false, name)).toEqual(["Escape"]);
  });
});

// What a key binding is: parsing, matching against a key press, and printing it. Knows no actions.
// Written form: "Mod+K", "Ctrl+Shift+.", "?", "g h" (one after the other). Mod is ⌘ on a Mac and Ctrl elsewhere.

export interface Chord {
  readonly key: string;
  readonly mod: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** What of a KeyboardEvent a chord is matched against. */
export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey"
>;

const PUNCTUATION_CODES: Readonly<Record<string, string>> = {
  ".": "Period",
  ",": "Comma",
  "/": "Slash",
  ";": "Semicolon",
  "'": "Quote",
  "-": "Minus",
  "=": "Equal",
  "[": "BracketLeft",
  "]": "BracketRight",
};
const MODIFIER_KEYS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead"]);

export function onMac(platform: string = navigator.platform): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

export function parseChord(text: string): Chord {
  const plus = text.length > 1 && text.endsWith("+");
  const words = (plus ? text.slice(0, -1) : text).split("+").filter((word) => word !== "");
  const key = plus ? "+" : (words.pop() ?? "");
  const has = (name: string) => words.includes(name);
  return {
    key: key.length === 1 ? key.toLowerCase() : key,
    mod: has("Mod"),
    ctrl: has("Ctrl"),
    alt: has("Alt"),
    shift: has("Shift"),
  };
}

export function parseKeys(text: string): Chord[] {
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map(parseChord);
}

/** A bare chord is one that a person would also type as text. */
export function isBare(chord: Chord): boolean {
  return !(chord.mod || chord.ctrl || chord.alt);
}

export function isModifierOnly(press: KeyPress): boolean {
  return MODIFIER_KEYS.has(press.key);
}

/** The key as a Latin layout names it, so that letters work on every keyboard. */
function latinKey(press: KeyPress): string {
  if (press.key.length !== 1) return press.key;
  if (press.key.charCodeAt(0) < 0x80) return press.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1] ?? /^Digit(\d)$/.exec(press.code)?.[1];
  return (letter ?? press.key).toLowerCase();
}

function sameKey(chord: Chord, press: KeyPress): boolean {
  const key = latinKey(press);
  if (key === chord.key) return true;
  // With Shift held, "." arrives as ">" on some layouts and "1" as "!": the place on the board decides.
  if (!chord.shift) return false;
  return press.code === PUNCTUATION_CODES[chord.key] || press.code === `Digit${chord.key}`;
}

/** Shift is part of how a sign such as "?" is typed, so it only counts for letters and named keys. */
function shiftFits(chord: Chord, press: KeyPress): boolean {
  if (chord.shift === press.shiftKey) return true;
  return !chord.shift && /^[^a-z0-9 ]$/i.test(chord.key);
}

export function matchesChord(chord: Chord, press: KeyPress, mac: boolean): boolean {
  const ctrl = chord.ctrl || (chord.mod && !mac);
  const meta = chord.mod && mac;
  return (
    press.ctrlKey === ctrl &&
    press.metaKey === meta &&
    press.altKey === chord.alt &&
    shiftFits(chord, press) &&
    sameKey(chord, press)
  );
}

/** The written form of a press, for the page where keys are changed. Null while only modifiers are down. */
export function writeChord(press: KeyPress, mac: boolean): string | null {
  if (isModifierOnly(press)) return null;
  const key = latinKey(press);
  const words: string[] = [];
  if (mac ? press.metaKey : press.ctrlKey) words.push("Mod");
  if (mac && press.ctrlKey) words.push("Ctrl");
  if (press.altKey) words.push("Alt");
  const sign = key.length === 1 && !/[a-z0-9]/.test(key);
  if (press.shiftKey && !sign) words.push("Shift");
  words.push(key.length === 1 && words.length > 0 ? key.toUpperCase() : key);
  return words.join("+");
}

export type KeyName =
  | "enter"
  | "escape"
  | "space"
  | "tab"
  | "backspace"
  | "delete"
  | "ctrl"
  | "shift"
  | "alt";

const NAMED: Readonly<Record<string, KeyName>> = {
  Enter: "enter",
  Escape: "escape",
  " ": "space",
  Space: "space",
  Tab: "tab",
  Backspace: "backspace",
  Delete: "delete",
};
const ARROWS: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** The caps to draw for one chord, in the order people read them: ["Ctrl", "Shift", "."], ["⌘", "K"]. */
export function keyCaps(chord: Chord, mac: boolean, name: (key: KeyName) => string): string[] {
  const caps: string[] = [];
  if (chord.ctrl || (chord.mod && !mac)) caps.push(mac ? "⌃" : name("ctrl"));
  if (chord.alt) caps.push(mac ? "⌥" : name("alt"));
  if (chord.shift) caps.push(mac ? "⇧" : name("shift"));
  if (chord.mod && mac) caps.push("⌘");
  const named = NAMED[chord.key];
  caps.push(named ? name(named) : (ARROWS[chord.key] ?? chord.key.toUpperCase()));
  return caps;
}

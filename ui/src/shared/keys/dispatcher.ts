// Turns key presses into actions. One listener serves the whole console; whoever registered last for an action is
// asked first. Bare keys are left alone in fields, in menus and dialogs, and where the focused element uses them.
import { type Chord, isBare, isModifierOnly, matchesChord, parseKeys } from "./chord";
import { ACTIONS, type Action, KEY_TABLE } from "./table";

/** How long a first key such as "g" waits for its second. */
export const SEQUENCE_WAIT_MS = 1_200;

const POPUPS =
  '[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"],[role="combobox"]';
const PRESSABLE = 'button,a[href],summary,input,[role="button"],[role="tab"],[role="option"]';

/** Does it, or returns false when there was nothing to do and the key should stay with the browser. */
export type Act = (event: KeyboardEvent) => unknown;

export interface DispatcherOptions {
  readonly mac: boolean;
  readonly keysFor: (action: Action) => string;
  /** Milliseconds of any steady clock. */
  readonly now: () => number;
}

function typesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !["button", "checkbox", "radio", "range", "submit", "reset"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function inPopup(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(POPUPS) !== null;
}

function pressesTarget({ target, key }: KeyboardEvent): boolean {
  if (key !== "Enter" && key !== " ") return false;
  return target instanceof Element && target.closest(PRESSABLE) !== null;
}

export class KeyDispatcher {
  private readonly options: DispatcherOptions;
  private readonly acts = new Map<Action, Act[]>();
  private readonly watchers = new Set<() => void>();
  private pressed: KeyboardEvent[] = [];
  private pressedAt = 0;

  constructor(options: DispatcherOptions) {
    this.options = options;
  }

  register(action: Action, act: Act): () => void {
    this.acts.set(action, [...(this.acts.get(action) ?? []), act]);
    return this.registered(action, act);
  }

  /** Answers when nobody else does, whenever it came. */
  registerBehind(action: Action, act: Act): () => void {
    this.acts.set(action, [act, ...(this.acts.get(action) ?? [])]);
    return this.registered(action, act);
  }

  private registered(action: Action, act: Act): () => void {
    this.changed();
    return () => {
      const left = (this.acts.get(action) ?? []).filter((one) => one !== act);
      if (left.length > 0) this.acts.set(action, left);
      else this.acts.delete(action);
      this.changed();
    };
  }

  /** Actions that someone would answer now: the key sheet shows exactly these. */
  active(): readonly Action[] {
    return ACTIONS.filter((action) => this.acts.has(action));
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || isModifierOnly(event)) return;
    const now = this.options.now();
    if (now - this.pressedAt > SEQUENCE_WAIT_MS) this.pressed = [];
    this.pressedAt = now;
    if (this.attempt([...this.pressed, event])) return;
    // A broken sequence starts anew with the key that broke it.
    if (this.pressed.length > 0 && this.attempt([event])) return;
    this.pressed = [];
  }

  private attempt(presses: readonly KeyboardEvent[]): boolean {
    const last = presses.at(-1);
    if (!last) return false;
    let begun = false;
    for (const action of this.active()) {
      const chords = parseKeys(this.options.keysFor(action));
      if (!this.begins(action, chords, presses)) continue;
      if (chords.length > presses.length) begun = true;
      else if (this.run(action, last)) return true;
    }
    if (!begun) return false;
    this.pressed = [...presses];
    last.preventDefault();
    return true;
  }

  private begins(action: Action, chords: Chord[], presses: readonly KeyboardEvent[]): boolean {
    if (chords.length < presses.length) return false;
    return presses.every((press, index) => {
      const chord = chords[index];
      if (!chord || !matchesChord(chord, press, this.options.mac)) return false;
      if (!isBare(chord)) return true;
      if (inPopup(press.target)) return false;
      return KEY_TABLE[action].inField || !(typesText(press.target) || pressesTarget(press));
    });
  }

  private run(action: Action, event: KeyboardEvent): boolean {
    const acts = this.acts.get(action) ?? [];
    for (const act of [...acts].reverse()) {
      if (act(event) === false) continue;
      event.preventDefault();
      this.pressed = [];
      return true;
    }
    return false;
  }

  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }
}

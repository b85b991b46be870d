// Acts that were decided here and are not sent yet, because the server could not take them back. They are sent when
// their time is over, when the page is left, and before one signs out; until then nobody else knows of them.
import { create } from "zustand";
import { findLeft, type Written, wipe, writeDown } from "./written";

export interface Unsent {
  /** What it is about. */
  readonly id: string;
  /** When it is sent, in milliseconds since the epoch. */
  readonly until: number;
}

/** `leaving` is true when the page may be gone before the answer comes. Throws what nobody was told of. */
export type Send = (leaving: boolean) => Promise<void>;

interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly send: Send;
}

const waiting = new Map<string, Waiting>();

export const useUnsent = create<{ readonly items: ReadonlyMap<string, Unsent> }>()(() => ({
  items: new Map(),
}));

function take(id: string): Waiting | null {
  const found = waiting.get(id);
  if (!found) return null;
  clearTimeout(found.timer);
  waiting.delete(id);
  return found;
}

function forget(id: string): void {
  // Decided once more while the one before was on its way: that one still waits.
  if (waiting.has(id)) return;
  const items = new Map(useUnsent.getState().items);
  items.delete(id);
  useUnsent.setState({ items });
}

/** It counts as unsent until what it changes is read again, or it would show up undecided in between. */
async function send(id: string, leaving: boolean): Promise<void> {
  const act = take(id);
  if (!act) return;
  try {
    await act.send(leaving);
  } catch {
    // Nobody could be told: what is written of it stays, to be offered again.
    forget(id);
    findLeft();
    return;
  }
  forget(id);
  if (!waiting.has(id)) wipe(id);
}

/**
 * Keeps an act until its time; a second one about the same thing takes the place of the first. What is `written` of it
 * outlasts the page.
 */
export function keepUnsent(
  item: Unsent,
  how: Send,
  written?: Omit<Written, "id" | "tab" | "until">,
): void {
  take(item.id);
  if (written) writeDown({ ...written, id: item.id, until: item.until });
  const timer = setTimeout(() => void send(item.id, false), item.until - Date.now());
  waiting.set(item.id, { timer, send: how });
  useUnsent.setState({ items: new Map(useUnsent.getState().items).set(item.id, item) });
}

/** False when it is too late. */
export function dropUnsent(id: string): boolean {
  const found = take(id);
  if (found) {
    forget(id);
    wipe(id);
  }
  return found !== null;
}

/** Sends everything now. */
export async function sendUnsent(leaving = false): Promise<void> {
  await Promise.allSettled([...waiting.keys()].map((id) => send(id, leaving)));
}

window.addEventListener("pagehide", () => void sendUnsent(true));

// What may be said in passing, and what can still be taken back. A toast is for what the screen does not show anyway.
import { Toast } from "@base-ui/react/toast";
import type { Action } from "@/shared/keys/table";

const SAID_MS = 6_000;
/** What failed, or can be followed, wants to be read and reached. */
const LONG_MS = 12_000;

export type ToastTone = "done" | "note" | "failed";

export interface ToastAction {
  label: string;
  run: () => void;
  key?: Action;
}

export interface ToastData {
  tone: ToastTone;
  action?: ToastAction;
  /** Set while it can still be taken back: end in milliseconds since the epoch, and the length in all. */
  held?: { until: number; totalMs: number };
}

export const toasts = Toast.createToastManager<ToastData>();

export interface Said {
  tone?: ToastTone;
  title: string;
  text?: string;
  action?: ToastAction;
}

/** Says something and goes by itself. Failures, and what offers something to do, stay longer. */
export function say({ tone = "note", title, text, action }: Said): string {
  return toasts.add({
    title,
    description: text,
    timeout: tone === "failed" || action ? LONG_MS : SAID_MS,
    data: { tone, ...(action ? { action } : {}) },
  });
}

interface Held {
  id: string;
  undo: () => void;
  timer: ReturnType<typeof setTimeout>;
}

let held: readonly Held[] = [];

function release(id: string): Held | undefined {
  const found = held.find((one) => one.id === id);
  if (!found) return undefined;
  held = held.filter((one) => one !== found);
  clearTimeout(found.timer);
  toasts.close(id);
  return found;
}

export interface Holding {
  title: string;
  text?: string;
  undoLabel: string;
  /** When it takes effect and can no longer be taken back, in milliseconds since the epoch. */
  until: number;
  undo: () => void;
}

/** Shows that something waits before it takes effect. The deadline is the server's: hovering does not stop it. */
export function hold({ title, text, undoLabel, until, undo }: Holding): string {
  const totalMs = Math.max(0, until - Date.now());
  const id: string = toasts.add({
    title,
    description: text,
    timeout: 0,
    data: {
      tone: "done",
      held: { until, totalMs },
      action: { label: undoLabel, key: "undo", run: () => takeBack(id) },
    },
  });
  held = [...held, { id, undo, timer: setTimeout(() => release(id), totalMs) }];
  return id;
}

/** Takes one back; false when its time has passed. */
export function takeBack(id: string): boolean {
  const found = release(id);
  found?.undo();
  return found !== undefined;
}

/** Takes the newest back; false when nothing is held, so that the key stays free. */
export function takeBackNewest(): boolean {
  const newest = held.at(-1);
  return newest ? takeBack(newest.id) : false;
}

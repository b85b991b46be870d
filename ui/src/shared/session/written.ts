// What was decided here and not sent yet, written down for this tab: a browser that dies takes the page with it, and not
// this. After a restart it is offered to whoever decided it, and never sent unasked.
import { create } from "zustand";
import type { Wire } from "@/ipc/api";

const KEY = "chimera.unsent";
/** More are never held at once; the oldest go first. */
const WRITTEN_MAX = 50;

export interface Written {
  /** What it is about. */
  readonly id: string;
  /** Who decided it. */
  readonly user: string;
  /** What was decided, and about which text, as it was told. */
  readonly title: string;
  readonly text: string;
  readonly body: Wire<"DecisionRequest">;
}

function isWritten(value: unknown): value is Written {
  if (typeof value !== "object" || value === null) return false;
  const fields: Partial<Record<keyof Written, unknown>> = value;
  const texts = [fields.id, fields.user, fields.title, fields.text];
  return texts.every((text) => typeof text === "string") && typeof fields.body === "object";
}

function read(): readonly Written[] {
  try {
    const found: unknown = JSON.parse(window.sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isWritten) : [];
  } catch {
    // Nothing can be kept here, or what is kept is not ours.
    return [];
  }
}

function store(all: readonly Written[]): void {
  try {
    if (all.length === 0) window.sessionStorage.removeItem(KEY);
    else window.sessionStorage.setItem(KEY, JSON.stringify(all.slice(-WRITTEN_MAX)));
  } catch {
    // Then it is kept by the page alone, as everything else on it is.
  }
}

const without = (all: readonly Written[], id: string) => all.filter((one) => one.id !== id);

/** What an earlier page of this tab left unsent. */
export const useLeft = create<{ readonly items: readonly Written[] }>()(() => ({ items: read() }));

/** Looks again for what was left: an earlier page did it, or this one could not send it while it was left. */
export function findLeft(): void {
  useLeft.setState({ items: read() });
}

export function writeDown(act: Written): void {
  dropLeft(act.id);
  store([...without(read(), act.id), act]);
}

/** It was answered, or taken back. */
export function wipe(id: string): void {
  store(without(read(), id));
}

/** It is offered no more. */
export function dropLeft(id: string): void {
  const { items } = useLeft.getState();
  if (!items.some((one) => one.id === id)) return;
  useLeft.setState({ items: without(items, id) });
  wipe(id);
}

/** Nothing of it stays for the next person. */
export function wipeAll(): void {
  useLeft.setState({ items: [] });
  store([]);
}

// What was decided here and not sent yet, written down beside the page: a browser that dies takes the tab with it, and
// not this. After a restart it is offered to whoever decided it, in whichever tab, and never sent unasked. While the tab
// that holds it is alive, no other one offers it.
import { create } from "zustand";
import type { Wire } from "@/ipc/api";

const KEY = "chimera.unsent";
const TAB_KEY = "chimera.tab";
/** After its time and this, a tab that was alive would have sent it. */
const GRACE_MS = 30_000;
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
  /** The tab that holds it, and when that sends it, in milliseconds since the epoch. */
  readonly tab: string;
  readonly until: number;
}

function isWritten(value: unknown): value is Written {
  if (typeof value !== "object" || value === null) return false;
  const fields: Partial<Record<keyof Written, unknown>> = value;
  const texts = [fields.id, fields.user, fields.title, fields.text, fields.tab];
  const whole = texts.every((text) => typeof text === "string");
  return whole && typeof fields.body === "object" && typeof fields.until === "number";
}

function read(): readonly Written[] {
  try {
    const found: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isWritten) : [];
  } catch {
    // Nothing can be kept here, or what is kept is not ours.
    return [];
  }
}

function store(all: readonly Written[]): void {
  try {
    if (all.length === 0) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, JSON.stringify(all.slice(-WRITTEN_MAX)));
  } catch {
    // Then it is kept by the page alone, as everything else on it is.
  }
}

/** The same for every page of a tab. */
function tabId(): string {
  try {
    const known = window.sessionStorage.getItem(TAB_KEY);
    if (known !== null) return known;
    const made = crypto.randomUUID();
    window.sessionStorage.setItem(TAB_KEY, made);
    return made;
  } catch {
    // Then every page is a tab of its own: what it leaves is offered a little later.
    return crypto.randomUUID();
  }
}

const TAB = tabId();

/** Nobody will send it: an earlier page of this tab held it, or a tab that is gone. */
function left(now: number): readonly Written[] {
  return read().filter(({ tab, until }) => tab === TAB || until + GRACE_MS < now);
}

const without = (all: readonly Written[], id: string) => all.filter((one) => one.id !== id);

/** What an earlier page left unsent. */
export const useLeft = create<{ readonly items: readonly Written[] }>()(() => ({
  items: left(Date.now()),
}));

/** Looks again for what was left: an earlier page did it, or this one could not send it while it was left. */
export function findLeft(): void {
  useLeft.setState({ items: left(Date.now()) });
}

/** Offers what other tabs left meanwhile, and nothing that this page holds itself. */
export function findLeftElsewhere(): void {
  const { items } = useLeft.getState();
  const more = left(Date.now()).filter(
    ({ id, tab }) => tab !== TAB && !items.some((one) => one.id === id),
  );
  if (more.length > 0) useLeft.setState({ items: [...items, ...more] });
}

export function writeDown(act: Omit<Written, "tab">): void {
  dropLeft(act.id);
  store([...without(read(), act.id), { ...act, tab: TAB }]);
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

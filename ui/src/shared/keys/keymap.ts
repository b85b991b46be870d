// Which key does what at this moment: the table with the reader's own changes laid over it, kept on this device.
import { create } from "zustand";
import { persist } from "zustand/middleware";
import { isBare, parseKeys } from "./chord";
import { ACTIONS, type Action, isAction, KEY_TABLE, type Scope } from "./table";

export type Overrides = Partial<Record<Action, string>>;
export type Refusal = { kind: "taken"; by: Action } | { kind: "bare" };

export function keysFor(action: Action, overrides: Overrides): string {
  return overrides[action] ?? KEY_TABLE[action].keys;
}

/** Whether two scopes can be listening at the same time. */
function meet(a: Scope, b: Scope): boolean {
  if (a === b || a === "everywhere" || b === "everywhere") return true;
  if (a === "go" || b === "go") return true;
  return a !== "edit" && b !== "edit" && (a === "list" || b === "list");
}

/** A key stands in another's way when it is the same or the beginning of it. */
function collide(a: string, b: string): boolean {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x === y || x.startsWith(`${y} `) || y.startsWith(`${x} `);
}

/** Why `action` may not be put on `keys`, or null when it may. */
export function refusal(action: Action, keys: string, overrides: Overrides): Refusal | null {
  const entry = KEY_TABLE[action];
  if (entry.grave && parseKeys(keys).some(isBare)) return { kind: "bare" };
  const by = ACTIONS.find(
    (other) =>
      other !== action &&
      meet(entry.scope, KEY_TABLE[other].scope) &&
      collide(keys, keysFor(other, overrides)),
  );
  return by ? { kind: "taken", by } : null;
}

/** Keeps only what still names an action and is not refused: the stored map may be older than the table. */
export function sound(stored: unknown): Overrides {
  const kept: Overrides = {};
  if (typeof stored !== "object" || stored === null) return kept;
  for (const [name, keys] of Object.entries(stored)) {
    if (isAction(name) && typeof keys === "string" && !refusal(name, keys, kept)) kept[name] = keys;
  }
  return kept;
}

interface Keymap {
  readonly overrides: Overrides;
  rebind(action: Action, keys: string): Refusal | null;
  reset(action?: Action): void;
}

export const useKeymap = create<Keymap>()(
  persist(
    (set, get) => ({
      overrides: {},
      rebind(action, keys) {
        const refused = refusal(action, keys, get().overrides);
        if (!refused) set({ overrides: { ...get().overrides, [action]: keys } });
        return refused;
      },
      reset(action) {
        const kept = { ...get().overrides };
        if (action) delete kept[action];
        set({ overrides: action ? kept : {} });
      },
    }),
    {
      name: "chimera.keys",
      partialize: ({ overrides }) => ({ overrides }),
      merge: (stored, current) => ({
        ...current,
        overrides: sound((stored as { overrides?: unknown } | undefined)?.overrides),
      }),
    },
  ),
);

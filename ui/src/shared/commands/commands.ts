// What can be run from the palette at this moment. Each mounted component contributes its own and takes them away again.
import { useEffect } from "react";
import { create } from "zustand";
import type { Action } from "@/shared/keys/table";
import type { Glyph } from "@/shared/parts/Icon";

export interface Command {
  readonly id: string;
  /** Heading under which it stands. */
  readonly group: string;
  readonly label: string;
  readonly icon?: Glyph;
  /** A few words at the right end: what kind of thing it is. */
  readonly note?: string;
  /** Other words that people type for it. */
  readonly keywords?: readonly string[];
  /** Prints the key that does the same. */
  readonly action?: Action;
  readonly run: () => void;
}

interface Commands {
  readonly bySource: ReadonlyMap<string, readonly Command[]>;
  put(source: string, commands: readonly Command[]): void;
  drop(source: string): void;
}

export const useCommandList = create<Commands>()((set, get) => ({
  bySource: new Map(),
  put: (source, commands) => set({ bySource: new Map(get().bySource).set(source, commands) }),
  drop(source) {
    const left = new Map(get().bySource);
    left.delete(source);
    set({ bySource: left });
  },
}));

/** Groups in the order in which they came, each with its commands. */
export function grouped(
  bySource: ReadonlyMap<string, readonly Command[]>,
): readonly (readonly [group: string, commands: readonly Command[]])[] {
  const groups = new Map<string, Command[]>();
  for (const command of [...bySource.values()].flat()) {
    const group = groups.get(command.group);
    if (group) group.push(command);
    else groups.set(command.group, [command]);
  }
  return [...groups];
}

/** Offers commands while the component is mounted. Keep the array stable between renders. */
export function useCommands(source: string, commands: readonly Command[]): void {
  useEffect(() => {
    const { put, drop } = useCommandList.getState();
    put(source, commands);
    return () => drop(source);
  }, [source, commands]);
}

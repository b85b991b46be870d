// The keys of every provider of a draft while they are being typed.
import { type ModelDraft, REHEARSAL, type Slot } from "./modelDraft";
import { type TypedKey, useTypedKey } from "./useTypedKey";

export interface TypedKeys extends Pick<TypedKey, "keep" | "isKeeping" | "isThere"> {
  readonly main: TypedKey;
  readonly of: Readonly<Record<Slot, TypedKey>>;
  /** Whether anything is typed. */
  readonly isTyped: boolean;
}

export function useTypedKeys(draft: ModelDraft): TypedKeys {
  const main = useTypedKey(draft);
  const planner = useTypedKey(draft.others.planner ?? REHEARSAL);
  const judge = useTypedKey(draft.others.judge ?? REHEARSAL);
  const fallback = useTypedKey(draft.others.fallback ?? REHEARSAL);
  const all = [main, planner, judge, fallback];
  return {
    main,
    of: { planner, judge, fallback },
    isThere: all.every(({ isThere }) => isThere),
    isKeeping: all.some(({ isKeeping }) => isKeeping),
    isTyped: all.some(({ text }) => text.trim() !== ""),
    keep: async () => {
      // One after the other: two at once would race for the list of names.
      for (const one of all) await one.keep();
    },
  };
}

// Edits that are being written, by item: going to look at another one and coming back loses nothing.
import { useState } from "react";

export interface Drafts {
  of: (review: string) => string | undefined;
  keep: (review: string, text: string) => void;
  drop: (review: string) => void;
}

export function useDrafts(): Drafts {
  const [texts, setTexts] = useState<ReadonlyMap<string, string>>(new Map());
  return {
    of: (review) => texts.get(review),
    keep: (review, text) => setTexts((kept) => new Map(kept).set(review, text)),
    drop: (review) =>
      setTexts((kept) => {
        const left = new Map(kept);
        left.delete(review);
        return left;
      }),
  };
}

// Edits that are being written, by item: going to look at another one and coming back loses nothing, nor does a page that
// is loaded anew.
import { useState } from "react";
import { forgetEdit, keepEdit, keptEdits } from "@/shared/session/keptEdits";
import { useMe } from "@/shared/session/useMe";

export interface Drafts {
  of: (review: string) => string | undefined;
  keep: (review: string, text: string) => void;
  drop: (review: string) => void;
}

export function useDrafts(): Drafts {
  const { user } = useMe();
  const [texts, setTexts] = useState(() => keptEdits(user.id));
  return {
    of: (review) => texts.get(review),
    keep: (review, text) => {
      keepEdit({ user: user.id, review, text });
      setTexts((kept) => new Map(kept).set(review, text));
    },
    drop: (review) => {
      forgetEdit(review);
      setTexts((kept) => {
        const left = new Map(kept);
        left.delete(review);
        return left;
      });
    },
  };
}

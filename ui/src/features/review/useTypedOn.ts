// What is typed right after a digit rejected an item is the note of somebody who types fast ("3 claims without a
// source"), not a key of the item that stands there now: the rejection is taken back and the note goes on.
import { useEffect, useEffectEvent, useState } from "react";
import { useKeysFor } from "@/shared/keys/useKey";

/** Nobody who waits for the next item presses a key of it within this time; who types does. */
const TYPED_ON_MS = 350;

interface After {
  readonly review: string;
  readonly digit: string;
}

/** `onTyped` hears of an item that was rejected by a digit, and of how its note begins. */
export function useTypedOn(
  onTyped: (review: string, begun: string) => void,
): (review: string, digit: string) => void {
  const [after, setAfter] = useState<After | null>(null);
  const undoKeys = useKeysFor("undo");
  const heard = useEffectEvent((event: KeyboardEvent) => {
    const { key } = event;
    const bare = !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing);
    if (!after || key.length !== 1 || !bare) return;
    setAfter(null);
    // It takes the rejection back anyway.
    if (key === undoKeys) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    onTyped(after.review, after.digit + key);
  });
  useEffect(() => {
    if (!after) return;
    const hear = (event: KeyboardEvent) => heard(event);
    window.addEventListener("keydown", hear, { capture: true });
    const timer = setTimeout(() => setAfter(null), TYPED_ON_MS);
    return () => {
      window.removeEventListener("keydown", hear, { capture: true });
      clearTimeout(timer);
    };
  }, [after]);
  return (review, digit) => setAfter({ review, digit });
}

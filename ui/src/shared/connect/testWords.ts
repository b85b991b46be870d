// What the button says that tries a provider: where a key was typed, it is stored first, and the button says so.
import type { TypedKey } from "./useTypedKey";

export function testWords(isTesting: boolean, typed: TypedKey) {
  if (typed.isKeeping) return "connect.keeping";
  if (isTesting) return "connect.testing";
  return typed.text.trim() === "" ? "connect.test" : "connect.keepAndTest";
}

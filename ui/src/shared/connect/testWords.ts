// What the button says that tries a provider: where a key was typed, it is stored first, and the button says so.
import type { TypedKeys } from "./useTypedKeys";

export function testWords(isTesting: boolean, typed: TypedKeys) {
  if (typed.isKeeping) return "connect.keeping";
  if (isTesting) return "connect.testing";
  return typed.isTyped ? "connect.keepAndTest" : "connect.test";
}

// Before anybody is signed in: the first run, or signing in.
import { StartRoom } from "@/features/start/StartRoom";

export function Start() {
  return <StartRoom />;
}

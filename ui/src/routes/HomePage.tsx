// What waits, what happened, how the fleet stands.
import { HomeRoom } from "@/features/home/HomeRoom";

export function Page() {
  return <HomeRoom />;
}

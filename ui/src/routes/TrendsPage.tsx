// What feeds speak of.
import { TrendsRoom } from "@/features/content/TrendsRoom";

export function Page() {
  return <TrendsRoom />;
}

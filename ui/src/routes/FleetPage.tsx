// All agents.
import { FleetRoom } from "@/features/fleet/FleetRoom";

export function Page() {
  return <FleetRoom />;
}

// Alerts and security events.
import { IncidentsRoom } from "@/features/incidents/IncidentsRoom";

export function Page() {
  return <IncidentsRoom />;
}

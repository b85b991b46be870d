// Who did what.
import { AuditRoom } from "@/features/audit/AuditRoom";

export function Page() {
  return <AuditRoom />;
}

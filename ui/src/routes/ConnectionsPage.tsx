// The AI, MCP servers, feeds.
import { ConnectionsRoom } from "@/features/connections/ConnectionsRoom";

export function Page() {
  return <ConnectionsRoom />;
}

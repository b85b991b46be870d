// Who is signed in. Rooms are shown only to somebody who is, so here it is always known.
import { hooks, type Wire } from "@/ipc/api";

/** Groups of endpoints that roles open; the backend decides, this switches single buttons off. */
export type May =
  | "own"
  | "stop"
  | "release"
  | "fleet_read"
  | "fleet_write"
  | "campaign_read"
  | "campaign_write"
  | "spending_read"
  | "review_read"
  | "review_decide"
  | "persona_read"
  | "persona_write"
  | "content_read"
  | "trace_read"
  | "alert_read"
  | "alert_write"
  | "audit_read"
  | "audit_verify"
  | "connection_read"
  | "connection_write"
  | "connection_answer"
  | "installation"
  | "policy_read"
  | "policy_write"
  | "people"
  | "data"
  | "keys"
  | "tenants";

export function useMe(): Wire<"Me"> {
  const { data } = hooks.useQuery("get", "/api/v1/session");
  if (!data) throw new Error("a room is shown and nobody is signed in");
  return data;
}

export function useMay(group: May): boolean {
  return useMe().may.includes(group);
}

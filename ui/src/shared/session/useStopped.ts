// Whether everything is stopped: then nothing leaves, whatever was decided.
import { hooks } from "@/ipc/api";

export function useStopped(): boolean {
  const { data } = hooks.useQuery("get", "/api/v1/swarm/gauge");
  return data?.stopped ?? false;
}

// The counts of what happened, once every list that they come from is here: a list that is still on its way must not
// look like nothing happened.
import type { Awaited } from "@/shared/parts/Await";
import type { AwayCounts } from "./Away";
import { decided, expired, failures, finished, incidentsSince, published } from "./away";
import type { Home } from "./useHome";

const LISTS = [
  "effects",
  "approved",
  "edited",
  "rejected",
  "expired",
  "incidents",
  "completed",
] as const;

export function useCounts(home: Home, since: number | null): Awaited<AwayCounts> {
  const lists = LISTS.map((name) => home[name]);
  const refetch = () => Promise.all(lists.map((list) => list.refetch()));
  const error = lists.find((list) => list.error)?.error ?? null;
  // Lists that the person's roles do not open are never read; they are not waited for.
  const waiting = since === null || lists.some((list) => list.isLoading || list.error);
  const data = waiting
    ? undefined
    : {
        published: published(home.effects.data, since),
        failures: failures(home.effects.data, since),
        decided: decided([home.approved.data, home.edited.data, home.rejected.data], since),
        expired: expired(home.expired.data, since),
        incidents: incidentsSince(home.incidents.data, since),
        finished: finished(home.completed.data, since),
      };
  return { data, error, refetch };
}

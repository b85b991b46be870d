// Everything that Home reads, each only where the person's roles open it.
import { FIGURES_MS, hooks } from "@/ipc/api";
import { useMe } from "@/shared/session/useMe";
import { ROWS_MAX } from "./away";

const SHOWN_REVIEWS = 6;
const SHOWN_ALERTS = 20;
const SHOWN_PUBLICATIONS = 8;

/** `since` in milliseconds since the epoch; null while it is not known. */
export function useHome(since: number | null) {
  const may = new Set(useMe().may);
  const reviews = { enabled: may.has("review_read") };
  const content = { enabled: may.has("content_read") };
  const alerts = { enabled: may.has("alert_read") };
  const query = <Q extends object>(params: Q) => ({ params: { query: params } });
  return {
    gauge: hooks.useQuery("get", "/api/v1/swarm/gauge"),
    brief: hooks.useQuery(
      "get",
      "/api/v1/home",
      query({ since: new Date(since ?? 0).toISOString() }),
      { enabled: since !== null },
    ),
    open: hooks.useQuery("get", "/api/v1/reviews", query({ limit: SHOWN_REVIEWS }), reviews),
    effects: hooks.useQuery("get", "/api/v1/effects", query({ limit: ROWS_MAX }), reviews),
    publications: hooks.useQuery(
      "get",
      "/api/v1/publications",
      query({ limit: SHOWN_PUBLICATIONS }),
      { ...content, refetchInterval: FIGURES_MS },
    ),
    alerts: hooks.useQuery("get", "/api/v1/alerts", query({ limit: SHOWN_ALERTS }), alerts),
    incidents: hooks.useQuery("get", "/api/v1/incidents", query({ limit: ROWS_MAX }), alerts),
    anyCampaign: hooks.useQuery("get", "/api/v1/campaigns", query({ limit: 1 }), {
      enabled: may.has("campaign_read"),
    }),
    servers: hooks.useQuery("get", "/api/v1/connections/servers", undefined, {
      enabled: may.has("connection_read"),
    }),
  };
}

export type Home = ReturnType<typeof useHome>;

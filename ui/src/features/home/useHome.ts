// Everything that Home reads, each only where the person's roles open it.
import { hooks } from "@/ipc/api";
import { useMe } from "@/shared/session/useMe";
import { ROWS_MAX } from "./away";

const SHOWN_REVIEWS = 6;
const SHOWN_ALERTS = 20;
const SHOWN_PUBLICATIONS = 8;

export function useHome() {
  const may = new Set(useMe().may);
  const reviews = { enabled: may.has("review_read") };
  const content = { enabled: may.has("content_read") };
  const alerts = { enabled: may.has("alert_read") };
  const campaigns = { enabled: may.has("campaign_read") };
  const query = <Q extends object>(params: Q) => ({ params: { query: params } });
  return {
    gauge: hooks.useQuery("get", "/api/v1/swarm/gauge"),
    open: hooks.useQuery("get", "/api/v1/reviews", query({ limit: SHOWN_REVIEWS }), reviews),
    approved: hooks.useQuery(
      "get",
      "/api/v1/reviews",
      query({ state: "approved" as const, limit: ROWS_MAX }),
      reviews,
    ),
    edited: hooks.useQuery(
      "get",
      "/api/v1/reviews",
      query({ state: "edited" as const, limit: ROWS_MAX }),
      reviews,
    ),
    rejected: hooks.useQuery(
      "get",
      "/api/v1/reviews",
      query({ state: "rejected" as const, limit: ROWS_MAX }),
      reviews,
    ),
    expired: hooks.useQuery(
      "get",
      "/api/v1/reviews",
      query({ state: "expired" as const, limit: ROWS_MAX }),
      reviews,
    ),
    effects: hooks.useQuery("get", "/api/v1/effects", query({ limit: ROWS_MAX }), reviews),
    publications: hooks.useQuery(
      "get",
      "/api/v1/publications",
      query({ limit: SHOWN_PUBLICATIONS }),
      content,
    ),
    alerts: hooks.useQuery("get", "/api/v1/alerts", query({ limit: SHOWN_ALERTS }), alerts),
    incidents: hooks.useQuery("get", "/api/v1/incidents", query({ limit: ROWS_MAX }), alerts),
    completed: hooks.useQuery(
      "get",
      "/api/v1/campaigns",
      query({ status: "COMPLETED" as const, limit: ROWS_MAX }),
      campaigns,
    ),
    anyCampaign: hooks.useQuery("get", "/api/v1/campaigns", query({ limit: 1 }), campaigns),
    servers: hooks.useQuery("get", "/api/v1/connections/servers", undefined, {
      enabled: may.has("connection_read"),
    }),
  };
}

export type Home = ReturnType<typeof useHome>;

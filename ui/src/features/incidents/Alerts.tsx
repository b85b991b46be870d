// What a person should know: unseen ones first. Marking one as seen changes nothing else.
import { Link } from "@tanstack/react-router";
import { BellOff, Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { FaultWords } from "@/shared/parts/FaultWords";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";
import { EventList } from "./EventList";

const PAGE_ROWS = 50;

function Row({ alert }: { alert: Wire<"Alert"> }) {
  const { t } = useTranslation();
  const maySee = useMay("alert_write");
  const { mutate, isPending } = hooks.useMutation("post", "/api/v1/alerts/{alert}/acknowledge", {
    onError: sayFailed(t("incidents.acknowledgeFailed")),
  });
  const seen = alert.acknowledged_at !== null;
  return (
    <li className="flex items-start gap-2.5 border-line border-b px-3 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className={seen ? "text-fg" : "font-medium text-fg-strong"}>{alert.title}</p>
        <p className="text-12 text-fg-muted [overflow-wrap:anywhere]">
          <FaultWords code={alert.code} message={alert.detail} />
        </p>
        <p className="mt-0.5 flex items-center gap-2 text-11 text-fg-muted">
          <RelativeTime at={alert.created_at} />
          {alert.campaign && (
            <Link
              to={at.campaign(alert.campaign)}
              className="text-accent-fg underline underline-offset-2"
            >
              {t("incidents.campaign")}
            </Link>
          )}
        </p>
      </div>
      {seen ? (
        <Badge tone="outline" icon={Check}>
          {t("incidents.acknowledged")}
        </Badge>
      ) : (
        maySee && (
          <Button
            size="sm"
            busy={isPending}
            onClick={() => mutate({ params: { path: { alert: alert.id } } })}
          >
            {t("incidents.acknowledge")}
          </Button>
        )
      )}
    </li>
  );
}

export function Alerts() {
  const { t } = useTranslation();
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/alerts",
    { params: { query: { limit: PAGE_ROWS } } },
    PAGED,
  );
  return (
    <EventList
      title={t("incidents.alerts")}
      query={query}
      failed={t("incidents.alertsFailed")}
      empty={
        <EmptyState
          icon={BellOff}
          title={t("incidents.alertsEmpty")}
          text={t("incidents.alertsEmptyText")}
        />
      }
    >
      {(alert) => <Row key={alert.id} alert={alert} />}
    </EventList>
  );
}

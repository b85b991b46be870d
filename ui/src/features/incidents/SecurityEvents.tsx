// Security events: what kind, how bad, and whether it was stopped.
import { Link } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { sentences } from "@/shared/format/sentences";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { Select } from "@/shared/parts/Select";
import { EmptyState } from "@/shared/parts/States";
import { EventList } from "./EventList";

const PAGE_ROWS = 50;
const KINDS = ["injection", "permission", "rate_limit", "kill_switch"] as const;
const SEVERITIES = ["low", "medium", "high", "critical"] as const;
/** Worst first, as one looks for them. */
const LEVELS = ["all", "critical", "high", "medium", "low"] as const;
type Level = (typeof LEVELS)[number];
const TONES: Record<(typeof SEVERITIES)[number], BadgeTone> = {
  low: "neutral",
  medium: "warn",
  high: "bad",
  critical: "bad",
};

function Row({ incident }: { incident: Wire<"Incident"> }) {
  const { t } = useTranslation();
  // Words for what this console knows; what a newer backend adds is shown as it is named there.
  const kind = KINDS.find((known) => known === incident.kind);
  const severity = SEVERITIES.find((known) => known === incident.severity);
  return (
    <li className="border-line border-b px-3 py-2.5 last:border-b-0">
      <p className="flex items-center gap-1.5">
        <b className="clip font-medium text-fg-strong">
          {kind ? t(`incidents.kind.${kind}`) : incident.kind}
        </b>
        <Badge tone={severity ? TONES[severity] : "neutral"}>
          {severity ? t(`incidents.severity.${severity}`) : incident.severity}
        </Badge>
        <Badge tone={incident.blocked ? "ok" : "bad"}>
          {t(incident.blocked ? "incidents.blocked" : "incidents.notBlocked")}
        </Badge>
        <RelativeTime at={incident.created_at} className="ml-auto text-12 text-fg-muted" />
      </p>
      <p className="text-12 text-fg-muted [overflow-wrap:anywhere]">
        <HiddenText>{sentences(incident.detail)}</HiddenText>
      </p>
      {incident.campaign && (
        <Link
          to={at.campaign(incident.campaign)}
          className="text-11 text-accent-fg underline underline-offset-2"
        >
          {t("incidents.campaign")}
        </Link>
      )}
    </li>
  );
}

export function SecurityEvents() {
  const { t } = useTranslation();
  const [level, setLevel] = useState<Level>("all");
  const severity = level === "all" ? {} : { severity: level };
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/incidents",
    { params: { query: { limit: PAGE_ROWS, ...severity } } },
    PAGED,
  );
  return (
    <EventList
      title={t("incidents.events")}
      query={query}
      failed={t("incidents.eventsFailed")}
      aside={
        <Select<Level>
          label={t("incidents.level")}
          items={LEVELS.map((value) => ({
            value,
            label: t(value === "all" ? "incidents.allLevels" : `incidents.severity.${value}`),
          }))}
          value={level}
          onChange={setLevel}
          className="w-[124px]"
        />
      }
      empty={
        level === "all" ? (
          <EmptyState
            icon={ShieldCheck}
            title={t("incidents.eventsEmpty")}
            text={t("incidents.eventsEmptyText")}
          />
        ) : (
          <EmptyState
            icon={ShieldCheck}
            title={t("incidents.levelEmpty")}
            text={t("incidents.levelEmptyText")}
          />
        )
      }
    >
      {(incident) => <Row key={incident.id} incident={incident} />}
    </EventList>
  );
}

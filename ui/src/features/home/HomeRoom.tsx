// What waits for this person, what happened while they were away, and how the fleet stands.
import { Link } from "@tanstack/react-router";
import { OctagonX } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { buttonClass } from "@/shared/parts/Button";
import { Icon } from "@/shared/parts/Icon";
import { LocalTime } from "@/shared/parts/LocalTime";
import { Mark } from "@/shared/parts/Mark";
import { useMay } from "@/shared/session/useMe";
import { Away } from "./Away";
import { incidentsSince } from "./away";
import { FleetStrip } from "./FleetStrip";
import { Greeting } from "./Greeting";
import { NextOut } from "./NextOut";
import { PublishedChart } from "./PublishedChart";
import { type Home, useHome } from "./useHome";
import { type Since, useSince } from "./useSince";
import { Waits } from "./Waits";

function Stopped({ reason }: { reason: string }) {
  const { t } = useTranslation();
  return (
    <section className="flex items-start gap-2.5 rounded-8 border border-warn-line bg-warn-soft px-3 py-2.5">
      <Icon of={OctagonX} className="mt-0.5 text-warn" />
      <div className="min-w-0">
        <b className="font-semibold text-fg-strong [overflow-wrap:anywhere]">
          {t("home.stopped", { reason })}
        </b>
        <p className="text-12 text-fg">{t("home.stoppedText")}</p>
      </div>
    </section>
  );
}

function Newcomer() {
  const { t } = useTranslation();
  return (
    <section className="flex items-center gap-3.5 rounded-8 border border-accent-line bg-raised px-4 py-3.5">
      <Mark size={32} />
      <div className="min-w-0 flex-1">
        <h2 className="font-semibold text-15 text-fg-strong">{t("home.newcomer")}</h2>
        <p className="text-fg-muted">{t("home.newcomerText")}</p>
      </div>
      <Link to={at.welcome} className={buttonClass("primary")}>
        {t("home.newcomerAction")}
      </Link>
    </section>
  );
}

/** How much waits, of what the person's roles reach; null until it is known. */
function waitsOf(waits: Wire<"Waits"> | undefined): number | null {
  return waits ? (waits.reviews ?? 0) + (waits.alerts ?? 0) : null;
}

function WaitsCard({ home, count }: { home: Home; count: number | null }) {
  const { t } = useTranslation();
  if (!useMay("review_read")) return null;
  const waits = home.brief.data?.waits;
  const alerts = (home.alerts.data?.items ?? []).filter((alert) => alert.acknowledged_at === null);
  return (
    <Await query={home.open} failed={t("home.waitsFailed")} className={FRAMED}>
      {({ items }) => (
        <Waits
          reviews={items}
          alerts={alerts}
          open={waits?.reviews ?? items.length}
          due={waits?.reviews_due ?? 0}
          count={count ?? items.length + alerts.length}
        />
      )}
    </Await>
  );
}

function NextCard({ home }: { home: Home }) {
  const { t } = useTranslation();
  const mayContent = useMay("content_read");
  if (!useMay("review_read")) return null;
  const published = mayContent ? (home.publications.data?.items ?? []) : null;
  return (
    <Await query={home.effects} failed={t("home.nextFailed")} rows={5} className={FRAMED}>
      {(effects) => (
        <>
          <PublishedChart effects={effects} />
          <NextOut effects={effects.items} publications={published} />
        </>
      )}
    </Await>
  );
}

function AwayCard({ home, since }: { home: Home; since: Since }) {
  const { t } = useTranslation();
  const { brief, incidents } = home;
  const from = since.since;
  // Security events are one of the lines: without them the rest would look like all that happened.
  const data =
    brief.data && from !== null && !incidents.isLoading
      ? {
          brief: brief.data,
          incidents: incidents.data ? incidentsSince(incidents.data, from) : null,
        }
      : undefined;
  return (
    <Await query={{ ...brief, data }} failed={t("home.awayFailed")} className={FRAMED}>
      {(all) => <Away since={since} {...all} />}
    </Await>
  );
}

const FRAMED = "rounded-8 border border-line bg-raised p-3";

export function HomeRoom() {
  const { t } = useTranslation();
  const since = useSince();
  const home = useHome(since.since);
  const waits = waitsOf(home.brief.data?.waits);
  const mayCompose = useMay("campaign_write");
  const newcomer = mayCompose && home.anyCampaign.data?.items.length === 0;
  const down = home.servers.data?.items.filter(({ connected }) => !connected).length;
  const incidents =
    since.since === null || !home.incidents.data
      ? null
      : incidentsSince(home.incidents.data, since.since).value;
  return (
    <Room title={t("frame.room.home")} aside={<LocalTime />}>
      <div className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-y-auto px-5 py-4">
        <Greeting since={since} waits={waits} />
        {home.gauge.data?.stopped && <Stopped reason={home.gauge.data.stop_reason ?? ""} />}
        {newcomer && <Newcomer />}
        <Await query={home.gauge} failed={t("home.figuresFailed")} rows={2} className={FRAMED}>
          {(gauge) => (
            <FleetStrip
              gauge={gauge}
              incidents={incidents}
              first={since.first}
              downServers={down ?? null}
            />
          )}
        </Await>
        <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.12fr)] items-start gap-3.5">
          <div className="flex min-w-0 flex-col gap-3.5">
            <WaitsCard home={home} count={waits} />
            <AwayCard home={home} since={since} />
          </div>
          <div className="flex min-w-0 flex-col gap-3.5">
            <NextCard home={home} />
          </div>
        </div>
      </div>
    </Room>
  );
}

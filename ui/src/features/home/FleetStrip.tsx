// How the fleet stands: who is awake, where work queues, what today cost, what needs attention.
import { Link } from "@tanstack/react-router";
import { CircleCheck, Plug, ShieldAlert, WifiOff } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { useLive } from "@/ipc/live";
import { at } from "@/shared/addresses";
import { formatCount } from "@/shared/format/count";
import { compareDecimals, drawnShare, moreThan } from "@/shared/format/decimal";
import { formatUsd } from "@/shared/format/money";
import { DAY_MS, MINUTE_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Dot } from "@/shared/parts/Dot";
import { Figure } from "@/shared/parts/Figure";
import { type Glyph, Icon } from "@/shared/parts/Icon";
import { Meter, StackBar } from "@/shared/parts/Meter";
import { useMe } from "@/shared/session/useMe";
import { awaySpan } from "./span";

type Gauge = Wire<"Gauge">;

const STATES = [
  { name: "planning", fill: "bg-planning", tone: "text-planning" },
  { name: "working", fill: "bg-working", tone: "text-working" },
  { name: "judging", fill: "bg-judging", tone: "text-judging" },
  { name: "sleeping", fill: "bg-sleeping-fill", tone: "text-sleeping-fill" },
] as const;

function Agents({ gauge }: { gauge: Gauge }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  const awake = gauge.planning + gauge.working + gauge.judging;
  const { planning, working, judging, sleeping } = gauge;
  return (
    <Figure
      name={t("home.agents")}
      value={formatCount(awake, locale)}
      beside={t("home.awake", { all: formatCount(gauge.agents, locale) })}
    >
      <StackBar
        className="mt-1.5"
        label={t("frame.status.mix", { planning, working, judging, sleeping })}
        parts={STATES.map(({ name, fill }) => ({ name, fill, amount: gauge[name] }))}
      />
      <dl className="mt-2 grid grid-cols-2 gap-x-4 text-12 leading-[18px]">
        {STATES.map(({ name, tone }) => (
          <div key={name} className="flex items-center gap-1.5">
            <Dot tone={tone} square />
            <dt className="text-fg-muted">{t(`parts.agentState.${name}`)}</dt>
            <dd className="ml-auto font-medium text-fg tnum">{formatCount(gauge[name], locale)}</dd>
          </div>
        ))}
      </dl>
    </Figure>
  );
}

function Queues({ gauge }: { gauge: Gauge }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  const queues = [
    { name: "ready", value: gauge.tasks_ready, count: gauge.tasks_working },
    { name: "judging", value: gauge.tasks_judging },
    { name: "review", value: gauge.reviews_open },
    { name: "held", value: gauge.effects_held },
  ] as const;
  return (
    <div className="px-3.5 py-3">
      <h2 className="font-semibold text-12 text-fg-strong">{t("home.queues")}</h2>
      <dl className="mt-1.5 grid grid-cols-4 divide-x divide-line">
        {queues.map(({ name, value, ...more }) => (
          <div key={name} className="flex min-w-0 flex-col px-3 max-wide:px-2 first:pl-0 last:pr-0">
            <dt className="clip text-12 text-fg-muted">{t(`home.queue.${name}`)}</dt>
            <dd className="font-semibold text-18 text-fg-strong leading-6 tnum">
              {formatCount(value, locale)}
            </dd>
            <dd className="text-11 text-fg-muted leading-[14px]">
              {name === "held" && gauge.stopped
                ? t("home.queueNote.stopped")
                : t(`home.queueNote.${name}`, { count: 0, ...more })}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** From this share of today's budgets on, the bar asks for a look; as in the status bar. */
const NEAR_CAP = 0.85;

function Spend({ gauge }: { gauge: Gauge }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  const now = useNow(MINUTE_MS);
  const share = drawnShare(gauge.spend_of_budgets, gauge.daily_budgets);
  const capped = compareDecimals(gauge.daily_budgets, "0") > 0;
  // Beside the budgets stands what was spent of them; the rest is said in words.
  const outside = capped ? moreThan(gauge.spend_today, gauge.spend_of_budgets) : "0";
  // A day of spending is a day in UTC.
  const resets = awaySpan(DAY_MS - (now % DAY_MS), locale);
  return (
    <Figure
      name={t("home.spend")}
      aside={t("home.resets", { time: resets })}
      value={formatUsd(capped ? gauge.spend_of_budgets : gauge.spend_today, locale, 2)}
      beside={
        capped
          ? t("home.spendOf", { cap: formatUsd(gauge.daily_budgets, locale) })
          : t("home.spendNone")
      }
    >
      {capped && (
        <Meter
          className="mt-1.5 h-1.5!"
          share={share}
          tick={NEAR_CAP}
          tone={share >= 1 ? "bad" : share >= NEAR_CAP ? "warn" : "money"}
          label={t("home.spendMeter")}
        />
      )}
      {compareDecimals(outside, "0") > 0 && (
        <p className="mt-2 text-12 text-fg-muted">
          {t("home.spendOutside", { amount: formatUsd(outside, locale, 2) })}
        </p>
      )}
      {gauge.unpriced_calls > 0 && (
        <p className="mt-2 text-12 text-warn">
          {t("home.unpriced", { count: gauge.unpriced_calls })}
        </p>
      )}
      <p className="mt-2 text-12 text-fg-muted">
        {gauge.campaigns_active === 0
          ? t("home.campaignsNone")
          : t("home.campaigns", { count: gauge.campaigns_active })}
      </p>
    </Figure>
  );
}

const LINE = "flex h-6 items-center gap-1.5 rounded-5 text-12";

function Notice({ icon, tone, to, children }: NoticeProps) {
  const body = (
    <>
      <Icon of={icon} size="sm" />
      <span className="clip">{children}</span>
    </>
  );
  if (!to) return <p className={`${LINE} ${tone}`}>{body}</p>;
  return (
    <Link to={to} className={`${LINE} ${tone} underline-offset-2 hover:underline`}>
      {body}
    </Link>
  );
}

interface NoticeProps {
  icon: Glyph;
  tone: string;
  to?: string;
  children: ReactNode;
}

export interface FleetStripProps {
  gauge: Gauge;
  /** Security events since the person last looked; null where they may not see them. */
  incidents: number | null;
  /** The person never looked before: events are those of the last day. */
  first: boolean;
  /** Servers that do not answer; null where the person may not see them. */
  downServers: number | null;
}

function Attention({ gauge, incidents, first, downServers }: FleetStripProps) {
  const { t } = useTranslation();
  const offline = useLive(({ connection }) => connection.state === "offline");
  const rooms = useMe().rooms;
  const mine = rooms.includes("incidents");
  const toIncidents = mine ? { to: at.incidents } : {};
  const alerts = gauge.alerts_open;
  const calm = !offline && alerts === 0 && !incidents && !downServers;
  return (
    <div className="px-3.5 py-3">
      <h2 className="mb-1 font-semibold text-12 text-fg-strong">{t("home.attention")}</h2>
      {offline && (
        <Notice icon={WifiOff} tone="text-warn">
          {t("home.line")}
        </Notice>
      )}
      {alerts > 0 && (
        <Notice icon={ShieldAlert} tone={mine ? "text-bad" : "text-fg-muted"} {...toIncidents}>
          {t(mine ? "home.alerts" : "home.alertsOfOthers", { count: alerts })}
        </Notice>
      )}
      {incidents !== null && incidents > 0 && (
        <Notice icon={ShieldAlert} tone="text-warn" {...toIncidents}>
          {t(first ? "home.incidentsDay" : "home.incidents", { count: incidents })}
        </Notice>
      )}
      {downServers !== null && downServers > 0 && (
        <Notice icon={Plug} tone="text-warn" to={at.connections}>
          {t("home.servers", { count: downServers })}
        </Notice>
      )}
      {calm && (
        <Notice icon={CircleCheck} tone="text-fg-muted">
          {t("home.calm")}
        </Notice>
      )}
      {downServers === 0 && (
        <Notice icon={Plug} tone="text-fg-muted" to={at.connections}>
          {t("home.serversOk")}
        </Notice>
      )}
    </div>
  );
}

export function FleetStrip(props: FleetStripProps) {
  return (
    <section className="grid flex-none grid-cols-[minmax(170px,1fr)_minmax(0,1.7fr)_minmax(190px,1fr)_minmax(190px,0.95fr)] divide-x divide-line overflow-hidden rounded-8 border border-line bg-raised">
      <Agents gauge={props.gauge} />
      <Queues gauge={props.gauge} />
      <Spend gauge={props.gauge} />
      <Attention {...props} />
    </section>
  );
}

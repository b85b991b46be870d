// The state of the system along the lower edge, the same in every room, with the stop always at hand.
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Bot, Coins, Gavel, Inbox, OctagonX, Play, Send, ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Connection } from "@/ipc/events";
import { formatCount } from "@/shared/format/count";
import { compareDecimals, drawnShare, moreThan } from "@/shared/format/decimal";
import { formatUsd } from "@/shared/format/money";
import { formatLocale } from "@/shared/i18n/locale";
import { Dot } from "@/shared/parts/Dot";
import { type Glyph, Icon } from "@/shared/parts/Icon";
import { KeyHint } from "@/shared/parts/Kbd";
import { Meter, StackBar } from "@/shared/parts/Meter";
import type { FleetFigures, FrameState } from "./model";
import { ROOMS } from "./rooms";

/** From this share of today's budgets on, the bar asks for a look. */
const NEAR_CAP = 0.85;
const ALERTS_COUNTED_MAX = 200;

function Item({
  icon,
  children,
  className,
}: {
  icon?: Glyph;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={clsx(
        "flex h-4 items-center gap-1.5 border-line border-r px-2.5 last-of-type:border-r-0 [&_b]:font-medium [&_b]:text-fg [&_b]:tnum",
        className,
      )}
    >
      {icon && <Icon of={icon} size="sm" />}
      {children}
    </span>
  );
}

const TONES: Record<Connection["state"], string> = {
  live: "text-ok",
  connecting: "text-fg-faint",
  offline: "text-warn",
  signedOut: "text-warn",
};

function Line({ connection, latencyMs, onReconnect }: LineProps) {
  const { t } = useTranslation();
  const live = connection.state === "live";
  const words = (
    <>
      <Dot tone={TONES[connection.state]} live={live} />
      <b>{t(`frame.status.${connection.state}`)}</b>
      {live && latencyMs !== null && (
        <span className="tnum">{t("frame.status.latency", { ms: Math.round(latencyMs) })}</span>
      )}
    </>
  );
  if (connection.state !== "offline") return <Item>{words}</Item>;
  return (
    <button type="button" onClick={onReconnect} className="flex h-full hover:bg-hover">
      <Item className="my-auto">{words}</Item>
    </button>
  );
}

interface LineProps {
  connection: Connection;
  latencyMs: number | null;
  onReconnect: () => void;
}

function Fleet({ figures }: { figures: FleetFigures }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  const { planning, working, judging, sleeping } = figures;
  const awake = planning + working + judging;
  const mix = t("frame.status.mix", { planning, working, judging, sleeping });
  return (
    <>
      <Item icon={Bot}>
        <b>{formatCount(awake + sleeping, locale)}</b>
        {t("frame.status.agents", { count: awake + sleeping })}
      </Item>
      <Item className="max-wide:hidden">
        <StackBar
          label={mix}
          className="w-[72px]"
          parts={[
            { name: "planning", amount: planning, fill: "bg-planning" },
            { name: "working", amount: working, fill: "bg-working" },
            { name: "judging", amount: judging, fill: "bg-judging" },
            { name: "sleeping", amount: sleeping, fill: "bg-sleeping-fill" },
          ]}
        />
        <b>{formatCount(awake, locale)}</b>
        {t("frame.status.awake")}
      </Item>
      <Item icon={Inbox}>
        {t("frame.status.review")}
        <b>{formatCount(figures.waitingForPeople, locale)}</b>
      </Item>
      <Item icon={Gavel}>
        {t("frame.status.judge")}
        <b>{formatCount(figures.waitingForJudge, locale)}</b>
      </Item>
      <Item icon={Send}>
        {t("frame.status.publish")}
        <b>{formatCount(figures.held, locale)}</b>
      </Item>
    </>
  );
}

function Spend({ figures }: { figures: FleetFigures }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  const { allowedToday, spentOfAllowed, spentToday } = figures;
  const share = drawnShare(spentOfAllowed, allowedToday);
  const capped = compareDecimals(allowedToday, "0") > 0;
  // Beside a budget stands what was spent of it, and nothing else.
  const spent = capped ? spentOfAllowed : spentToday;
  const outside = capped ? moreThan(spentToday, spentOfAllowed) : "0";
  return (
    <Item icon={Coins}>
      {t("frame.status.today")}
      <b title={formatUsd(spent, locale)}>{formatUsd(spent, locale, 2)}</b>
      {figures.unpricedToday > 0 && (
        <span className="text-warn">
          {t("frame.status.unpriced", { count: figures.unpricedToday })}
        </span>
      )}
      {capped && (
        <>
          <span>{t("frame.status.ofCap", { cap: formatUsd(allowedToday, locale, 0) })}</span>
          <Meter
            share={share}
            tone={share >= 1 ? "bad" : share >= NEAR_CAP ? "warn" : "money"}
            label={t("frame.status.spendShare")}
            className="w-14 max-wide:hidden"
          />
        </>
      )}
      {compareDecimals(outside, "0") > 0 && (
        <span title={t("frame.status.outsideWhy")} className="max-wide:hidden">
          {t("frame.status.outside", { amount: formatUsd(outside, locale, 2) })}
        </span>
      )}
    </Item>
  );
}

/** A way to the alerts, where that room is open. */
function Alerts({ count, open }: { count: number; open: boolean }) {
  const { t } = useTranslation();
  const words =
    count >= ALERTS_COUNTED_MAX
      ? t("frame.status.manyAlerts")
      : t("frame.status.alerts", { count });
  const item = (
    <Item icon={ShieldAlert} className={clsx("my-auto", open && "text-bad")}>
      {words}
    </Item>
  );
  if (!open) return item;
  return (
    <Link to={ROOMS.incidents.path as string} className="flex h-full hover:bg-hover">
      {item}
    </Link>
  );
}

export interface StatusBarProps {
  state: FrameState;
  onStop: () => void;
  onRelease: () => void;
  onReconnect: () => void;
}

const STOP =
  "ml-auto flex h-full flex-none items-center gap-[7px] border-l px-3 font-semibold text-12 focus-visible:outline-offset-[-3px]";

export function StatusBar({ state, onStop, onRelease, onReconnect }: StatusBarProps) {
  const { t } = useTranslation();
  const { figures, connection, latencyMs } = state;
  const alerts = figures?.alerts ?? 0;
  return (
    <section
      aria-label={t("frame.status.label")}
      className="col-span-2 flex items-center overflow-hidden whitespace-nowrap border-line border-t bg-frame pl-1.5 text-12 text-fg-muted"
    >
      <Line connection={connection} latencyMs={latencyMs} onReconnect={onReconnect} />
      {figures ? (
        <>
          <Fleet figures={figures} />
          <Spend figures={figures} />
        </>
      ) : (
        <Item>{t("frame.status.noFigures")}</Item>
      )}
      {alerts > 0 && <Alerts count={alerts} open={state.rooms.includes("incidents")} />}
      {figures?.stopped ? (
        <span
          className={clsx(STOP, "border-warn-line bg-warn-soft text-warn")}
          {...(figures.stopReason
            ? { title: t("frame.stop.because", { reason: figures.stopReason }) }
            : {})}
        >
          <Icon of={OctagonX} size="sm" />
          {t("frame.stop.stopped")}
          {state.mayRelease && (
            <button
              type="button"
              onClick={onRelease}
              className="flex items-center gap-1 underline-offset-2 hover:underline"
            >
              <Icon of={Play} size="xs" />
              {t("frame.stop.release")}
            </button>
          )}
        </span>
      ) : (
        state.mayStop && (
          <button
            type="button"
            onClick={onStop}
            className={clsx(
              STOP,
              "border-danger-line bg-danger-soft text-danger-fg hover:brightness-125",
            )}
          >
            <Icon of={OctagonX} size="sm" />
            {t("frame.stop.action")}
            <span className="flex max-wide:hidden">
              <KeyHint action="stop" onButton />
            </span>
          </button>
        )
      )}
    </section>
  );
}

// One run: its sums, its spans over time, and the chosen span below.
import { Link, useNavigate } from "@tanstack/react-router";
import { Hourglass, Inbox, ListTree, Megaphone } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { formatShort } from "@/shared/format/count";
import { duration, SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Await } from "@/shared/parts/Await";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { buttonClass } from "@/shared/parts/Button";
import { CopyButton } from "@/shared/parts/CopyButton";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { Money } from "@/shared/parts/Money";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { EmptyState } from "@/shared/parts/States";
import { Waterfall } from "@/shared/parts/waterfall/Waterfall";
import {
  beganAt,
  drawnSpan,
  plainName,
  type RunState,
  type RunSum,
  sumOf,
  textOf,
  underParents,
  type WireSpan,
} from "./model";
import { SpanPane } from "./SpanPane";
import { useSpanWords } from "./useSpanWords";

type Trace = Wire<"Trace">;

const TONES: Record<RunState, BadgeTone> = {
  waitsForPerson: "outline",
  stillRunning: "working",
  failed: "bad",
  done: "ok",
};

function campaignOf(trace: Trace): string | null {
  for (const span of trace.spans) {
    const id = (span.attributes as Record<string, unknown>)["chimera.campaign.id"];
    if (typeof id === "string") return id;
  }
  return null;
}

function Head({ trace, sum }: { trace: Trace; sum: RunSum }) {
  const { t } = useTranslation();
  const root = trace.spans.find((span) => span.parent === null);
  const campaign = campaignOf(trace);
  return (
    <header className="flex flex-none items-center gap-3 border-line border-b bg-raised py-2.5 pr-3 pl-4">
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <h2 className="clip font-semibold text-fg-strong">
            <HiddenText>{plainName(root?.name ?? trace.trace)}</HiddenText>
          </h2>
          <Badge
            tone={TONES[sum.state]}
            {...(sum.state === "waitsForPerson" ? { icon: Hourglass } : {})}
          >
            {t(`traces.${sum.state}`)}
          </Badge>
          {sum.rehearsal && <RehearsalBadge />}
        </div>
        <div className="flex items-center gap-1 text-12 text-fg-muted">
          <span className="num clip">{trace.trace}</span>
          <CopyButton text={trace.trace} label={t("traces.copyTrace")} />
        </div>
      </div>
      {sum.review && (
        <Link to={at.review(sum.review) as string} className={buttonClass("plain")}>
          <Icon of={Inbox} />
          {t("traces.openReview")}
        </Link>
      )}
      {campaign && (
        <Link
          to={at.campaign(campaign) as string}
          aria-label={t("traces.openCampaign")}
          className={buttonClass("plain")}
        >
          <Icon of={Megaphone} />
          {t("traces.campaign")}
        </Link>
      )}
    </header>
  );
}

function Sum({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-2">
      <dt className="text-12 text-fg-muted">{name}</dt>
      <dd className="font-medium text-fg-strong tnum">{children}</dd>
    </div>
  );
}

function Elapsed({ trace, began, skew }: { trace: Trace; began: number; skew: number }) {
  const open = trace.spans.some((span) => span.ended_at === null);
  const now = useNow(open ? SECOND_MS : null) - skew;
  const ends = trace.spans.map((span) => Date.parse(span.ended_at ?? span.started_at));
  const ms = (open ? Math.max(now, ...ends) : Math.max(...ends)) - began;
  return duration(ms, formatLocale());
}

interface RunProps {
  trace: Trace;
  span: string | null;
  /** How far this machine's clock is ahead of the server's, in milliseconds. */
  skew: number;
}

function Run({ trace, span, skew }: RunProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const words = useSpanWords();
  const locale = formatLocale();
  const began = useMemo(() => beganAt(trace.spans), [trace]);
  const sum = useMemo(() => sumOf(trace.spans), [trace]);
  const spans = useMemo(
    () => underParents(trace.spans.map((one) => drawnSpan(one, began, words))),
    [trace, began, words],
  );
  const chosen = trace.spans.find((one) => one.span === span) ?? null;
  const choose = (id: string) =>
    void navigate({
      to: at.trace(trace.trace) as string,
      search: { span: id } as never,
      replace: true,
    });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Head trace={trace} sum={sum} />
      <dl className="flex flex-none flex-wrap items-center gap-x-6 gap-y-1 border-line border-b bg-raised px-4 py-2">
        <Sum name={t("traces.elapsed")}>
          <Elapsed trace={trace} began={began} skew={skew} />
        </Sum>
        {sum.cost !== null && (
          <Sum name={t("traces.cost")}>
            <Money amount={sum.cost} />
          </Sum>
        )}
        {sum.calls > 0 && (
          <Sum name={t("traces.tokens")}>
            {t("traces.tokensOf", {
              input: formatShort(sum.input, locale),
              output: formatShort(sum.output, locale),
            })}{" "}
            <span className="font-regular text-12 text-fg-muted">
              {t("traces.calls", { count: sum.calls })}
              {sum.estimated && (
                <span title={t("traces.estimatedText")}>
                  {" · "}
                  {t("traces.estimatedTitle").toLowerCase()}
                </span>
              )}
            </span>
          </Sum>
        )}
      </dl>
      <Waterfall
        spans={spans}
        startedAt={began + skew}
        selected={span}
        onSelect={choose}
        className="flex-1"
      />
      <SpanPane span={chosen} words={words} skew={skew} />
    </div>
  );
}

/** Pause between two looks at a run in which a tool is being called. */
const LOOK_MS = 2_000;

function isCalling(span: WireSpan): boolean {
  if (span.ended_at !== null) return false;
  // An action that is held for its undo time is not being called.
  const state = textOf(span, "chimera.effect.state");
  return span.kind === "tool" || (span.kind === "effect" && state === "dispatching");
}

export function RunPane({ trace, span }: { trace: string; span: string | null }) {
  const { t } = useTranslation();
  const query = hooks.useQuery(
    "get",
    "/api/v1/traces/{trace}",
    { params: { path: { trace } } },
    // What a server says of a call's progress is no fact of its own.
    { refetchInterval: ({ state }) => (state.data?.spans.some(isCalling) ? LOOK_MS : false) },
  );
  return (
    <Await query={query} failed={t("traces.failedRun")} rows={8} className="p-4">
      {(data) =>
        data.spans.length === 0 ? (
          <div className="m-auto">
            <EmptyState
              icon={ListTree}
              title={t("traces.emptyRun")}
              text={t("traces.emptyRunText")}
            />
          </div>
        ) : (
          <Run trace={data} span={span} skew={query.dataUpdatedAt - Date.parse(data.now)} />
        )
      }
    </Await>
  );
}

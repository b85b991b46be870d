// The runs: those that run first, then the newest. Found by name or by number.
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { CircleCheck, CircleX, ListTree, LoaderCircle, SearchX, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { duration, SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Button, buttonClass } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { FindField } from "@/shared/parts/FindField";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { KeyHint } from "@/shared/parts/Kbd";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { VirtualList } from "@/shared/parts/VirtualList";
import { plainName, type Run } from "./model";

const ROW_PX = 54;
/** The name of a run that has been planned and not started. */
const PLAN_ONLY = "plan";

function Lasting({ run }: { run: Run }) {
  const open = run.ended_at === null;
  const now = useNow(open ? SECOND_MS : null);
  const end = open ? now : Date.parse(run.ended_at ?? run.started_at);
  const ms = Math.max(0, end - Date.parse(run.started_at));
  return (
    <span className="num ml-auto flex-none text-fg-muted">{duration(ms, formatLocale())}</span>
  );
}

function RunRow({ run, selected }: { run: Run; selected: boolean }) {
  const { t } = useTranslation();
  const open = run.ended_at === null;
  const state = run.waits
    ? "waitsForPerson"
    : open
      ? "stillRunning"
      : run.errors > 0
        ? "failed"
        : "done";
  const look = {
    waitsForPerson: { icon: UserRound, tone: "text-human" },
    stillRunning: { icon: LoaderCircle, tone: "text-info" },
    failed: { icon: CircleX, tone: "text-bad" },
    done: { icon: CircleCheck, tone: "text-ok" },
  }[state];
  return (
    <Link
      to={at.trace(run.trace) as string}
      replace
      aria-current={selected ? "true" : undefined}
      className={clsx(
        "block border-line border-b py-2 pr-3 pl-3.5 hover:bg-hover focus-visible:-outline-offset-2",
        selected && "bg-selected inset-shadow-[2px_0_0_var(--accent)]",
      )}
    >
      <span className="flex items-center gap-2">
        <b className="clip font-medium text-fg-strong">
          <HiddenText>
            {run.name === PLAN_ONLY ? t("traces.span.plan") : plainName(run.name)}
          </HiddenText>
        </b>
        <Lasting run={run} />
      </span>
      <span className="mt-[3px] flex items-center gap-1.5 whitespace-nowrap text-12 text-fg-muted">
        <Icon of={look.icon} size="sm" className={look.tone} />
        <span className={look.tone}>
          {state === "failed" ? t("traces.errors", { count: run.errors }) : t(`traces.${state}`)}
        </span>
        <span className="tnum max-wide:hidden">{t("traces.spans", { count: run.spans })}</span>
        {open && run.errors > 0 && (
          <span className="text-bad tnum">{t("traces.errors", { count: run.errors })}</span>
        )}
        <RelativeTime at={run.started_at} className="ml-auto" />
      </span>
    </Link>
  );
}

export interface RunsPaneProps {
  /** Those that the search found. */
  found: readonly Run[];
  query: string;
  onQuery: (query: string) => void;
  trace: string | null;
  /** Steps of any run that could not be kept. */
  lost: number;
  more: { busy: boolean; load: () => void } | null;
}

function NoRuns({ query, onQuery }: Pick<RunsPaneProps, "query" | "onQuery">) {
  const { t } = useTranslation();
  if (query.trim() !== "") {
    return (
      <EmptyState
        icon={SearchX}
        title={t("traces.noMatch", { query })}
        text={t("traces.noMatchText")}
        action={
          <Button size="sm" onClick={() => onQuery("")}>
            {t("parts.clear")}
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={ListTree}
      title={t("traces.emptyTitle")}
      text={t("traces.emptyText")}
      action={
        <Link to={at.compose() as string} className={buttonClass("plain", "sm")}>
          {t("traces.emptyAction")}
        </Link>
      }
    />
  );
}

export function RunsPane({ found, query, onQuery, trace, lost, more }: RunsPaneProps) {
  const { t } = useTranslation();
  const running = found.filter((run) => run.ended_at === null).length;
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="flex-none border-line border-b p-2.5">
        <FindField label={t("traces.search")} value={query} onChange={onQuery} />
      </div>
      {lost > 0 && (
        <div className="flex-none border-line border-b p-2.5">
          <Callout tone="warn">{t("traces.lost", { count: lost })}</Callout>
        </div>
      )}
      {found.length === 0 ? (
        <NoRuns query={query} onQuery={onQuery} />
      ) : (
        <>
          <div className="flex flex-none items-center gap-1.5 px-3.5 pt-2 pb-1 text-11 text-fg-muted">
            <span className="tnum">
              {t("traces.running")} {running}
            </span>
            <span className="tnum">
              {t("traces.finished")} {found.length - running}
            </span>
            <span className="ml-auto flex gap-1">
              <KeyHint action="next" />
              <KeyHint action="previous" />
            </span>
          </div>
          <VirtualList
            items={found}
            keyOf={(run) => run.trace}
            row={(run) => <RunRow run={run} selected={run.trace === trace} />}
            rowHeight={ROW_PX}
            label={t("traces.runs")}
            showIndex={found.findIndex((run) => run.trace === trace)}
            className="flex-1"
          />
        </>
      )}
      {more && (
        <div className="flex flex-none items-center gap-2 border-line border-t p-2.5 text-12 text-fg-muted">
          <span>{t("traces.moreText")}</span>
          <Button size="sm" className="ml-auto" busy={more.busy} onClick={more.load}>
            {t("traces.more")}
          </Button>
        </div>
      )}
    </div>
  );
}

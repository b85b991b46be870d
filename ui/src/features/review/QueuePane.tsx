// The queue: filters, what waits in the order of its priority, and the states that a list can be in.
import { CircleCheckBig, History, ListFilter } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Await } from "@/shared/parts/Await";
import { Button } from "@/shared/parts/Button";
import { FilterChip } from "@/shared/parts/Chip";
import { IconButton } from "@/shared/parts/IconButton";
import { KeyHint } from "@/shared/parts/Kbd";
import { EmptyState } from "@/shared/parts/States";
import { VirtualList } from "@/shared/parts/VirtualList";
import type { Filter } from "./model";
import { QueueRow, ROW_PX } from "./QueueRow";
import type { Queue } from "./useQueue";

const FILTERS: readonly Filter[] = ["all", "sensitive", "low"];

export interface QueuePaneProps {
  queue: Queue;
  filter: Filter;
  onFilter: (filter: Filter) => void;
  /** The opened item. */
  review: string | null;
}

/** Numbers that are known: of all from the gauge, of a filter once its list is whole. */
function useCount(queue: Queue, shown: Filter): (filter: Filter) => string | undefined {
  const { data: gauge } = hooks.useQuery("get", "/api/v1/swarm/gauge");
  return (filter) => {
    if (filter === shown && queue.complete) return formatCount(queue.rows.length, formatLocale());
    if (filter === "all" && gauge) return formatCount(gauge.reviews_open, formatLocale());
    return undefined;
  };
}

function Filters({ queue, filter, onFilter }: Omit<QueuePaneProps, "review">) {
  const { t } = useTranslation();
  const count = useCount(queue, filter);
  return (
    <fieldset className="flex flex-none items-center gap-1.5 border-line border-b px-2.5 py-2">
      <legend className="sr-only">{t("review.filter.label")}</legend>
      {FILTERS.map((one) => {
        const known = count(one);
        return (
          <FilterChip
            key={one}
            on={one === filter}
            onToggle={() => onFilter(one)}
            {...(known === undefined ? {} : { count: known })}
          >
            {t(`review.filter.${one}`)}
          </FilterChip>
        );
      })}
      <IconButton
        icon={History}
        label={t("review.filter.decided")}
        aria-pressed={filter === "decided"}
        onClick={() => onFilter(filter === "decided" ? "all" : "decided")}
        className="ml-auto"
      />
    </fieldset>
  );
}

function Nothing({ filter, onAll }: { filter: Filter; onAll: () => void }) {
  const { t } = useTranslation();
  const all = (
    <Button size="sm" onClick={onAll}>
      {t("review.empty.showAll")}
    </Button>
  );
  if (filter === "all") {
    return (
      <EmptyState
        icon={CircleCheckBig}
        title={t("review.empty.all")}
        text={t("review.empty.allText")}
      />
    );
  }
  const decided = filter === "decided";
  return (
    <EmptyState
      icon={decided ? History : ListFilter}
      title={t(`review.empty.${filter}`)}
      text={t(decided ? "review.empty.decidedText" : "review.empty.filteredText")}
      action={all}
    />
  );
}

/** Where the opened item stood when it was opened: later shifts must not scroll the list under the reader. */
function useShowIndex(rows: readonly { id: string }[], review: string | null): number {
  const shown = useRef<{ review: string | null; index: number }>({ review: null, index: -1 });
  if (shown.current.review !== review || shown.current.index < 0) {
    shown.current = { review, index: rows.findIndex((row) => row.id === review) };
  }
  return shown.current.index;
}

export function QueuePane({ queue, filter, onFilter, review }: QueuePaneProps) {
  const { t } = useTranslation();
  const showIndex = useShowIndex(queue.rows, review);
  const group = filter === "decided" ? "decided" : "waiting";
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <Filters queue={queue} filter={filter} onFilter={onFilter} />
      <Await query={queue.query} failed={t("review.failed.queue")} rows={6}>
        {(rows) =>
          rows.length === 0 ? (
            <Nothing filter={filter} onAll={() => onFilter("all")} />
          ) : (
            <>
              <div className="flex flex-none items-center px-3 pt-1.5 pb-1 text-11 text-fg-faint">
                <span className="font-medium">{t(`review.head.${group}`)}</span>
                <span className="clip ml-1.5">{t(`review.head.${group}By`)}</span>
                <span className="ml-auto flex flex-none gap-1">
                  <KeyHint action="next" />
                  <KeyHint action="previous" />
                </span>
              </div>
              <VirtualList
                key={filter}
                items={rows}
                keyOf={(row) => row.id}
                row={(row) => <QueueRow review={row} selected={row.id === review} />}
                rowHeight={ROW_PX}
                label={t("review.queue")}
                showIndex={showIndex}
                onSight={queue.onSight}
                className="flex-1 pb-[84px]"
              />
              {filter === "decided" && !queue.complete && (
                <p className="flex-none px-3 py-2 text-12 text-fg-muted">
                  {t("review.decidedMore")}
                </p>
              )}
            </>
          )
        }
      </Await>
    </div>
  );
}

// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by the virtualizer, which table elements forbid
// biome-ignore-all lint/a11y/useFocusableInteractive: the tree grid keeps the focus and names its active row
// Spans over time. Rows are virtual, open spans fade at the edge of now, planned ones are dashed, long waits shortened.
import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { type Axis, buildAxis } from "./axis";
import { layOut, type Span } from "./model";
import { COLUMNS, spanId, WaterfallRow } from "./WaterfallRow";

const ROW_PX = 26;
const OVERSCAN_ROWS = 10;

export interface WaterfallProps {
  spans: readonly Span[];
  /** When the first span began, in milliseconds since the epoch. */
  startedAt: number;
  selected: string | null;
  onSelect: (id: string) => void;
  className?: string;
}

function Grid({ axis }: { axis: Axis }) {
  return (
    <div aria-hidden className={clsx(COLUMNS, "pointer-events-none absolute inset-0")}>
      <div className="relative col-start-2">
        {axis.ticks.slice(1, -1).map((tick) => (
          <span
            key={tick.at}
            className="absolute inset-y-0 w-px bg-line"
            style={{ left: `${tick.at * 100}%` }}
          />
        ))}
        {axis.breaks.map(({ at }) => (
          <span
            key={at}
            className="absolute inset-y-0 w-[9px] border-line-strong border-x border-dashed"
            style={{ left: `${at * 100}%` }}
          />
        ))}
      </div>
    </div>
  );
}

/** Shares of the axis: a label begins at its tick, the last one ends there, and a wait's words stand around their middle. */
const CLEAR_BEFORE_BREAK = 0.15;
const CLEAR_AFTER_BREAK = 0.07;
const CLEAR_AT_END = 0.2;

/** Ticks whose labels have room; where the run ends in a wait, its length stands at the end instead. */
function readable({ ticks, breaks }: Axis): Axis["ticks"] {
  return ticks.filter((tick) =>
    breaks.every(({ at }) => {
      const after = tick.at === 1 ? CLEAR_AT_END : CLEAR_AFTER_BREAK;
      return at - tick.at > CLEAR_BEFORE_BREAK || tick.at - at > after;
    }),
  );
}

function Head({ axis }: { axis: Axis }) {
  const { t } = useTranslation();
  const ticks = readable(axis);
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={1}
      className={clsx(
        COLUMNS,
        "h-[26px] flex-none items-center border-line border-b text-11 text-fg-muted",
      )}
    >
      <div role="columnheader" className="pl-4">
        {t("parts.waterfall.step")}
      </div>
      <div role="columnheader" className="relative h-full">
        <span className="sr-only">{t("parts.waterfall.time")}</span>
        {axis.breaks.map(({ at, label }) => (
          <span
            key={at}
            title={t("parts.waterfall.gap", { time: label })}
            className="-translate-x-1/2 absolute top-[5px] whitespace-nowrap rounded-4 bg-hover px-1 text-[10.5px] text-fg leading-4"
            style={{ left: `${at * 100}%` }}
          >
            {t("parts.waterfall.waited", { time: label })}
          </span>
        ))}
        {ticks.map((tick) => (
          <span
            key={tick.at}
            aria-hidden
            className="absolute top-[5px] font-medium font-mono text-[10.5px] leading-4"
            style={tick.at === 1 ? { right: 2 } : { left: `${tick.at * 100}%` }}
          >
            {tick.label}
          </span>
        ))}
      </div>
      <div role="columnheader" className="pr-2.5 text-right">
        {t("parts.waterfall.tokens")}
      </div>
      <div role="columnheader" className="pr-2.5 text-right">
        {t("parts.waterfall.seconds")}
      </div>
    </div>
  );
}

export function Waterfall({ spans, startedAt, selected, onSelect, className }: WaterfallProps) {
  const { t } = useTranslation();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const scroller = useRef<HTMLDivElement>(null);
  const running = spans.some((span) => span.end === null && !span.planned);
  const clockNow = useNow(running ? SECOND_MS : null);
  const now = running ? Math.max(0, clockNow - startedAt) : 0;
  const rows = useMemo(() => layOut(spans, folded), [spans, folded]);
  const axis = useMemo(() => buildAxis(spans, now, formatLocale()), [spans, now]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.span.id ?? index,
    overscan: OVERSCAN_ROWS,
  });

  const fold = (id: string, to: boolean) => {
    const next = new Set(folded);
    if (to) next.add(id);
    else next.delete(id);
    setFolded(next);
  };
  const at = rows.findIndex((row) => row.span.id === selected);
  const go = (index: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!row) return;
    onSelect(row.span.id);
    virtual.scrollToIndex(rows.indexOf(row), { align: "auto" });
  };
  const seen = virtual.scrollRect?.height ?? 0;
  // A span that an address names may lie below the edge, and so may the chosen one once its payload takes room.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of the room is a reason to look again
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [at, virtual, seen]);
  const inSight = virtual.getVirtualItems();
  // A row that is scrolled away is not in the document and cannot be named.
  const drawn = inSight.some(({ index }) => index === at);
  const press = (event: KeyboardEvent) => {
    const row = rows[at];
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowLeft: () => row && row.children > 0 && fold(row.span.id, true),
      ArrowRight: () => row && fold(row.span.id, false),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  return (
    <div
      role="treegrid"
      aria-label={t("parts.waterfall.label")}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      onKeyDown={press}
      {...(drawn && selected !== null ? { "aria-activedescendant": spanId(selected) } : {})}
      className={clsx("flex min-h-0 flex-col focus-visible:outline-offset-[-2px]", className)}
    >
      <Head axis={axis} />
      <div ref={scroller} role="rowgroup" className="relative min-h-0 flex-1 overflow-auto">
        <div
          role="presentation"
          className="relative min-h-full"
          style={{ height: virtual.getTotalSize() }}
        >
          <Grid axis={axis} />
          {inSight.map(({ index, key, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <div
                key={key}
                role="presentation"
                className="absolute top-0 left-0 w-full"
                style={{ transform: `translateY(${start}px)` }}
              >
                <WaterfallRow
                  row={row}
                  index={index}
                  axis={axis}
                  now={now}
                  selected={row.span.id === selected}
                  onSelect={() => onSelect(row.span.id)}
                  onFold={() => fold(row.span.id, !row.folded)}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

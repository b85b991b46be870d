// A list of any length that draws only what is in sight. Rows are measured, so they may differ in height.
import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { type ReactNode, useEffect, useRef } from "react";

const OVERSCAN_ROWS = 6;
/** How many rows before the end the next page is asked for. */
const AHEAD_ROWS = 20;

export interface VirtualListProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  row: (item: T, index: number) => ReactNode;
  /** Height of a usual row in pixels. */
  rowHeight: number;
  label: string;
  /** How many there are in all, when more can be loaded than `items` holds. */
  total?: number;
  /** Brings this row into sight whenever it changes. */
  showIndex?: number;
  /** Called when the end comes near. */
  onNearEnd?: () => void;
  /** Tells which rows are drawn, whenever that changes. */
  onSight?: (first: number, last: number) => void;
  className?: string;
}

export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, keyOf, row, rowHeight, label, total, showIndex, onNearEnd, onSight, className } =
    props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: OVERSCAN_ROWS,
  });
  const rows = virtual.getVirtualItems();
  const firstShown = rows[0]?.index ?? 0;
  const lastShown = rows.at(-1)?.index ?? -1;

  useEffect(() => {
    if (lastShown >= items.length - AHEAD_ROWS) onNearEnd?.();
  }, [lastShown, items.length, onNearEnd]);

  useEffect(() => {
    onSight?.(firstShown, lastShown);
  }, [firstShown, lastShown, onSight]);

  useEffect(() => {
    if (showIndex !== undefined && showIndex >= 0)
      virtual.scrollToIndex(showIndex, { align: "auto" });
  }, [showIndex, virtual]);

  return (
    <div ref={scroller} className={clsx("min-h-0 overflow-auto", className)}>
      <ul
        aria-label={label}
        className="relative w-full"
        style={{ height: `${virtual.getTotalSize()}px` }}
      >
        {rows.map(({ index, key, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={total ?? items.length}
              aria-posinset={index + 1}
              className="absolute top-0 left-0 w-full"
              style={{ transform: `translateY(${start}px)` }}
            >
              {row(item, index)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

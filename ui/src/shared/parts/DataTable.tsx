// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by the virtualizer, which table elements forbid
// A dense table that draws only the rows in sight. The caller sorts when the rows come from a server in pages.
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { type ReactNode, useMemo, useRef } from "react";
import { useKey } from "@/shared/keys/useKey";
import { HeadCell } from "./HeadCell";

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});
const OVERSCAN_ROWS = 8;

export type { SortingState } from "@tanstack/react-table";

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** A track of a CSS grid: "210px", "minmax(0,1fr)". */
  width: string;
  align?: "end";
  /** Makes the column sortable. */
  sortBy?: (row: T) => string | number;
}

export interface DataTableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  rowHeight?: number;
  sorting: SortingState;
  onSort: (sorting: SortingState) => void;
  /** Rows arrive in the order of `sorting` already. */
  sortedOutside?: boolean;
  selected?: string | undefined;
  /** Makes the keys of lists go through the rows, in the order in which they are shown. */
  onSelect?: (row: T) => void;
  onOpen?: (row: T) => void;
  className?: string;
}

function definitions<T extends object>(
  columns: readonly Column<T>[],
): ColumnDef<typeof features, T>[] {
  return columns.map((column) => ({
    id: column.id,
    header: column.header,
    accessorFn: column.sortBy ?? (() => ""),
    cell: ({ row }) => column.cell(row.original),
    enableSorting: column.sortBy !== undefined,
    sortFn: "alphanumeric",
  }));
}

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { label, columns, rows, keyOf, rowHeight = 32, sorting, onSort } = props;
  const { selected, onSelect, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const defs = useMemo(() => definitions(columns), [columns]);
  const table = useTable({
    features,
    columns: defs,
    data: rows as T[],
    getRowId: keyOf,
    state: { sorting },
    onSortingChange: (next) => onSort(typeof next === "function" ? next(sorting) : next),
    manualSorting: props.sortedOutside ?? false,
    enableMultiSort: false,
  });
  const shown = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => shown[index]?.id ?? index,
    overscan: OVERSCAN_ROWS,
  });
  const here = shown.findIndex(({ id }) => id === selected);
  const step = (by: 1 | -1) => {
    const to = Math.min(shown.length - 1, Math.max(0, here + by));
    const row = shown[to];
    if (!row) return false;
    onSelect?.(row.original);
    virtual.scrollToIndex(to);
    return true;
  };
  useKey("next", () => step(1), onSelect !== undefined);
  useKey("previous", () => step(-1), onSelect !== undefined);
  const opens = onSelect !== undefined && onOpen !== undefined;
  useKey(
    "open",
    () => {
      const row = shown[here];
      if (!row) return false;
      onOpen?.(row.original);
      return true;
    },
    opens,
  );
  const grid = {
    display: "grid",
    gridTemplateColumns: columns.map((column) => column.width).join(" "),
  };

  return (
    <div ref={scroller} className={clsx("min-h-0 overflow-auto", props.className)}>
      <div role="table" aria-label={label} aria-rowcount={rows.length + 1}>
        <div role="rowgroup" className="sticky top-0 z-10 bg-raised">
          <div
            role="row"
            tabIndex={-1}
            aria-rowindex={1}
            style={grid}
            className="h-7 border-line border-b px-1"
          >
            {table.getHeaderGroups()[0]?.headers.map((header, index) => (
              <HeadCell
                key={header.id}
                title={columns[index]?.header ?? ""}
                align={columns[index]?.align}
                sorted={header.column.getIsSorted()}
                {...(header.column.getCanSort()
                  ? { onSort: () => header.column.toggleSorting() }
                  : {})}
              />
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: `${virtual.getTotalSize()}px` }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = shown[index];
            if (!row) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the key table's Enter opens the selected row
              <div
                key={row.id}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                aria-current={row.id === selected || undefined}
                onClick={() => (onOpen ?? onSelect)?.(row.original)}
                className="absolute top-0 left-0 w-full items-center border-line border-b px-1 outline-none hover:bg-hover aria-[current]:bg-selected"
                style={{ ...grid, height: rowHeight, transform: `translateY(${start}px)` }}
              >
                {row.getAllCells().map((cell, place) => (
                  <div
                    key={cell.id}
                    role="cell"
                    className={clsx("clip px-2", columns[place]?.align === "end" && "text-right")}
                  >
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { withLayout } from "@/shared/testing/layout";
import { type Column, DataTable, type SortingState } from "./DataTable";

withLayout(900, 320);

interface Row {
  id: string;
  name: string;
  waiting: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { id: "name", header: "Name", width: "1fr", cell: (row) => row.name, sortBy: (row) => row.name },
  {
    id: "waiting",
    header: "Waiting",
    width: "80px",
    cell: (row) => row.waiting,
    sortBy: (row) => row.waiting,
  },
  { id: "note", header: "Note", width: "80px", cell: () => "–" },
];
const ROWS: readonly Row[] = [
  { id: "a", name: "Mara", waiting: 9 },
  { id: "b", name: "Kofi", waiting: 10 },
  { id: "c", name: "Teo", waiting: 2 },
];
const keyOf = (row: Row) => row.id;

function Room({
  rows = ROWS,
  outside = false,
  onOpen,
}: {
  rows?: readonly Row[];
  outside?: boolean;
  onOpen?: (row: Row) => void;
}) {
  const [sorting, setSorting] = useState<SortingState>([]);
  return (
    <DataTable
      label="Agents"
      columns={COLUMNS}
      rows={rows}
      keyOf={keyOf}
      sorting={sorting}
      onSort={setSorting}
      sortedOutside={outside}
      selected="b"
      {...(onOpen ? { onOpen } : {})}
    />
  );
}

const shown = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("cell")[0]?.textContent);
const sort = (column: string) =>
  userEvent.click(screen.getByRole("button", { name: `Sort by ${column}` }));

it("sorts numbers as numbers, in both directions, and says so", async () => {
  render(<Room />);
  await sort("Waiting");
  const first = shown();
  await sort("Waiting");
  expect([first, shown()]).toContainEqual(["Teo", "Mara", "Kofi"]);
  expect([first, shown()]).toContainEqual(["Kofi", "Mara", "Teo"]);
  const head = screen.getByRole("columnheader", { name: /Waiting/ });
  expect(["ascending", "descending"]).toContain(head.getAttribute("aria-sort"));
});

it("leaves the order alone when it is made outside", async () => {
  render(<Room outside />);
  await sort("Name");
  expect(shown()).toEqual(["Mara", "Kofi", "Teo"]);
});

it("offers sorting only where there is something to sort by", () => {
  render(<Room />);
  expect(screen.queryByRole("button", { name: "Sort by Note" })).toBeNull();
});

it("opens a row and marks the one that is selected", async () => {
  const open = vi.fn();
  render(<Room onOpen={open} />);
  await userEvent.click(screen.getByText("Teo"));
  expect(open.mock.calls).toEqual([[ROWS[2]]]);
  const marked = screen
    .getAllByRole("row")
    .filter((row) => row.ariaCurrent ?? row.getAttribute("aria-current"));
  expect(marked.map((row) => row.textContent)).toEqual(["Kofi10–"]);
});

it("draws a few of many rows and knows how many there are", () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => ({
    id: `${i}`,
    name: `n${i}`,
    waiting: i,
  }));
  render(<Room rows={rows} />);
  expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("10001");
  expect(shown().length).toBeLessThan(40);
});

// Prices while a person types them: text as typed, and what of it can be stored.
import type { Wire } from "@/ipc/api";

/** US dollars with at most nine decimals; no sign, no exponent. */
const AMOUNT = /^\d{1,5}(\.\d{1,9})?$/;
/** Highest price of a million tokens; the backend says the same. */
const MAX_USD = 10_000;

export interface PriceRow {
  /** Keeps a row's boxes its own while others go. */
  readonly key: number;
  readonly model: string;
  readonly input: string;
  readonly cached: string;
  readonly output: string;
}

export type PriceField = "model" | "input" | "cached" | "output";

export function rowsOf(prices: Wire<"Prices">, answering: readonly string[]): readonly PriceRow[] {
  const known = prices.items.map((item) => ({
    model: item.model,
    input: item.input_per_million,
    cached: item.cached_input_per_million ?? "",
    output: item.output_per_million,
  }));
  const priced = new Set(known.map(({ model }) => model));
  const wanted = answering.filter((model) => !priced.has(model));
  const asked = wanted.map((model) => ({ model, input: "", cached: "", output: "" }));
  return [...known, ...asked].map((row, key) => ({ key, ...row }));
}

export function isAmount(text: string): boolean {
  const amount = text.trim();
  return AMOUNT.test(amount) && Number(amount) <= MAX_USD;
}

/** A row in which nothing but a model's name stands says nothing: its model keeps the price that ships, if any. */
const isEmpty = (row: PriceRow) => `${row.input}${row.cached}${row.output}`.trim() === "";

/** What is wrong with a row; nothing when it may be stored or is left out. */
export function wrongIn(row: PriceRow, rows: readonly PriceRow[]): PriceField | null {
  if (isEmpty(row)) return null;
  const name = row.model.trim();
  const again = rows.some(
    (other) => other.key !== row.key && !isEmpty(other) && other.model.trim() === name,
  );
  if (name === "" || again) return "model";
  if (!isAmount(row.input)) return "input";
  if (row.cached.trim() !== "" && !isAmount(row.cached)) return "cached";
  return isAmount(row.output) ? null : "output";
}

export function newPrices(rows: readonly PriceRow[]): Wire<"NewPrices"> {
  const items = rows
    .filter((row) => !isEmpty(row))
    .map((row) => ({
      model: row.model.trim(),
      input_per_million: row.input.trim(),
      output_per_million: row.output.trim(),
      ...(row.cached.trim() === "" ? {} : { cached_input_per_million: row.cached.trim() }),
    }));
  return { items };
}

// How amounts are written. They come and stay as decimal strings; Intl formats such strings exactly.
import { parseDecimal } from "./decimal";

const MIN_FRACTION_DIGITS = 2;
const MAX_FRACTION_DIGITS = 18;

/** Digits behind the point that carry something: "1.500" has one. */
function meaningful(amount: string): number {
  const part = amount.split(".")[1] ?? "";
  return part.replace(/0+$/, "").length;
}

/**
 * Writes `amount` with grouped digits and at least two behind the point. `maxFraction` rounds for display; without
 * it every digit is shown.
 */
export function formatAmount(amount: string, locale: string, maxFraction?: number): string {
  parseDecimal(amount);
  const shown = Math.min(maxFraction ?? meaningful(amount), MAX_FRACTION_DIGITS);
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: Math.min(MIN_FRACTION_DIGITS, maxFraction ?? MIN_FRACTION_DIGITS),
    maximumFractionDigits: Math.max(shown, Math.min(MIN_FRACTION_DIGITS, maxFraction ?? 2)),
  });
  return format.format(amount as `${number}`);
}

/** US dollars as people write them: "$412.80", "-$3.00", "$0.031". */
export function formatUsd(amount: string, locale: string, maxFraction?: number): string {
  const negative = amount.startsWith("-");
  const text = formatAmount(negative ? amount.slice(1) : amount, locale, maxFraction);
  return `${negative ? "-" : ""}$${text}`;
}

/** A dollar amount in its own form, a token amount followed by its unit. */
export function formatMoney(
  amount: string,
  asset: string,
  locale: string,
  maxFraction?: number,
): string {
  if (asset === "USD") return formatUsd(amount, locale, maxFraction);
  return `${formatAmount(amount, locale, maxFraction)} ${asset}`;
}

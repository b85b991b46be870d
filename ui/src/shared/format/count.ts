// How counts are written: grouped where they are exact, short where room is scarce.

/** "1,204". */
export function formatCount(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** "11.5k", "1.2M": for places where three digits must do; the exact count belongs beside it or on hover. */
export function formatShort(value: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  return format.format(value).replace("K", "k");
}

/** "64%". */
export function formatShare(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(
    value,
  );
}

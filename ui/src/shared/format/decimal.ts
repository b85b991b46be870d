// Exact arithmetic on decimal strings, the only form in which money crosses the wire. No floating point here;
// a ratio for drawing a bar is the single exception and is named so.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

export class BadDecimal extends Error {
  constructor(text: string) {
    super(`not a decimal: ${JSON.stringify(text)}`);
    this.name = "BadDecimal";
  }
}

export interface Decimal {
  /** All digits, without the point, signed. */
  readonly units: bigint;
  /** How many of them stand behind the point. */
  readonly scale: number;
}

export function parseDecimal(text: string): Decimal {
  const match = DECIMAL.exec(text);
  if (!match) throw new BadDecimal(text);
  const [, sign = "", whole = "", part = ""] = match;
  return { units: BigInt(`${sign}${whole}${part}`), scale: part.length };
}

export function formatDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [
    a.units * 10n ** BigInt(scale - a.scale),
    b.units * 10n ** BigInt(scale - b.scale),
    scale,
  ];
}

export function addDecimals(a: string, b: string): string {
  const [x, y, scale] = aligned(parseDecimal(a), parseDecimal(b));
  return formatDecimal({ units: x + y, scale });
}

/** How much more `a` is than `b`; nothing when it is not more. */
export function moreThan(a: string, b: string): string {
  const [x, y, scale] = aligned(parseDecimal(a), parseDecimal(b));
  return formatDecimal({ units: x > y ? x - y : 0n, scale });
}

/** Below zero when `a` is smaller, zero when equal, above zero when larger. */
export function compareDecimals(a: string, b: string): number {
  const [x, y] = aligned(parseDecimal(a), parseDecimal(b));
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

/** Share of `whole` that `part` is, from 0 to 1, in steps of 1/10000: for the length of a bar, never for a sum. */
export function drawnShare(part: string, whole: string): number {
  const [x, y] = aligned(parseDecimal(part), parseDecimal(whole));
  if (y <= 0n || x <= 0n) return 0;
  return x >= y ? 1 : Number((x * 10_000n) / y) / 10_000;
}

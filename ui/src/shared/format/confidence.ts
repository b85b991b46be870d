// The lines at which C02 colours a score, in basis points so that no comparison is ever made on floats. What becomes of a
// score is another matter: that is the policy's, and comes with the item.

/** 10,000 basis points are certainty. */
export const FULL_BP = 10_000;
/** Strictly above this a badge is green. */
const HIGH_ABOVE_BP = 9_000;
/** From here up to the line above it is yellow, below it red. */
const MIDDLE_FROM_BP = 7_000;
/** Below this the item is outlined in red. */
export const ATTENTION_BELOW_BP = 8_000;

export type Band = "high" | "middle" | "low";

export function bandOf(basisPoints: number): Band {
  if (basisPoints > HIGH_ABOVE_BP) return "high";
  return basisPoints >= MIDDLE_FROM_BP ? "middle" : "low";
}

export function needsAttention(basisPoints: number): boolean {
  return basisPoints < ATTENTION_BELOW_BP;
}

/** A score as it crosses the wire, from 0 to 1 and exact to four decimals. */
export function basisPoints(score: number): number {
  return Math.round(score * FULL_BP);
}

/** Lines that a shown number must not be rounded across. */
const LINES_BP = [5_000, MIDDLE_FROM_BP, ATTENTION_BELOW_BP];

function sameSide(a: number, b: number): boolean {
  return bandOf(a) === bandOf(b) && LINES_BP.every((line) => a < line === b < line);
}

/** Every digit that is stored, at least two: "0.785". */
export function exactConfidence(basisPoints: number): string {
  const bounded = Math.min(FULL_BP, Math.max(0, Math.round(basisPoints)));
  const digits = String(bounded).padStart(5, "0");
  const part = digits.slice(1).replace(/0{1,2}$/, "");
  return `${digits[0]}.${part.padEnd(2, "0")}`;
}

/** "0.78"; longer only where two digits would hide on which side of a line it is: 9001 is "0.9001". */
export function formatConfidence(basisPoints: number): string {
  const rounded = Math.round(basisPoints / 100) * 100;
  return exactConfidence(sameSide(rounded, basisPoints) ? rounded : basisPoints);
}

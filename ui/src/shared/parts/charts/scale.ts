// Scales for small charts. Pure.

const STEPS = [1, 1.2, 1.5, 2, 2.4, 3, 4, 5, 6, 8, 10] as const;

/** The smallest round number that is not below `value`; 1 for nothing at all. */
export function niceMax(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((factor) => factor * power >= value - 1e-9) ?? 10;
  return step * power;
}

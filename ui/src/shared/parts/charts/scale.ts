// Scales for small charts. Pure.

export interface Scale {
  readonly min: number;
  readonly max: number;
  /** From 0 to 1. */
  readonly place: (value: number) => number;
}

const STEPS = [1, 1.2, 1.5, 2, 2.4, 3, 4, 5, 6, 8, 10] as const;

/** The smallest round number that is not below `value`; 1 for nothing at all. */
export function niceMax(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((factor) => factor * power >= value - 1e-9) ?? 10;
  return step * power;
}

export function scale(min: number, max: number): Scale {
  const length = max - min;
  return { min, max, place: (value) => (length > 0 ? (value - min) / length : 0.5) };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An SVG path through the points, in the given box, y upwards. */
export function linePath(
  points: readonly Point[],
  x: Scale,
  y: Scale,
  width: number,
  height: number,
): string {
  return points
    .map((point, index) => {
      const left = (x.place(point.x) * width).toFixed(1);
      const top = ((1 - y.place(point.y)) * height).toFixed(1);
      return `${index === 0 ? "M" : "L"}${left} ${top}`;
    })
    .join("");
}

// A course without axes, beside its figure. The figure carries the number; this only shows the way it went.
import { clsx } from "clsx";
import { linePath, scale } from "./scale";

const W = 100;
const H = 28;
/** Room for half a stroke, so that the highest point is not cut. */
const EDGE = 2;

export interface SparklineProps {
  values: readonly number[];
  label: string;
  /** A text colour class of a role; the area is the same colour, fainter. */
  tone: string;
  className?: string;
}

export function Sparkline({ values, label, tone, className }: SparklineProps) {
  const highest = Math.max(...values, 0);
  const x = scale(0, Math.max(1, values.length - 1));
  const y = scale(0, highest > 0 ? highest * 1.1 : 1);
  const points = values.map((value, index) => ({ x: index, y: value }));
  const line = linePath(points, x, y, W, H - EDGE);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${W} ${H}`}
      preserveAspectRatio="none"
      className={clsx("block h-5 w-11 flex-none", tone, className)}
    >
      {values.length > 1 && (
        <>
          <path d={`${line}V${H}H0Z`} className="fill-current opacity-25" />
          <path
            d={line}
            className="fill-none stroke-current"
            strokeWidth={1.5}
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </svg>
  );
}

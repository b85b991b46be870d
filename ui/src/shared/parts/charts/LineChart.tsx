// A curve against two axes, with bands behind it and a line to compare with: calibration, burn-down, budget.
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import { useWidth } from "@/shared/hooks/useWidth";
import { linePath, type Point, scale } from "./scale";

const AXIS_W = 28;
const FOOT_H = 16;
const HEAD_H = 6;

export interface LineChartProps {
  label: string;
  points: readonly Point[];
  x: { min: number; max: number; ticks: readonly { at: number; label: string }[] };
  y: { min: number; max: number; ticks: readonly { at: number; label: string }[] };
  /** Stretches of the x axis with a meaning; `fill` is a fill class of a role. */
  bands?: readonly { from: number; to: number; fill: string }[];
  /** What the curve is compared with, dashed. */
  against?: readonly Point[];
  /** Stroke and fill classes of a role. */
  tone?: { stroke: string; fill: string };
  area?: boolean;
  dots?: boolean;
  height?: number;
}

const ACCENT = { stroke: "stroke-accent", fill: "fill-accent" };

export function LineChart(props: LineChartProps) {
  const { label, points, x, y, bands = [], against, tone = ACCENT, height = 104 } = props;
  const { t } = useTranslation();
  const [box, width] = useWidth<HTMLDivElement>();
  const plotW = Math.max(0, width - AXIS_W - 6);
  const plotH = height - FOOT_H - HEAD_H;
  const [xs, ys] = [scale(x.min, x.max), scale(y.min, y.max)];
  const left = (value: number) => xs.place(value) * plotW;
  const down = (value: number) => (1 - ys.place(value)) * plotH;
  const line = linePath(points, xs, ys, plotW, plotH);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last)
    return <p className="p-3 text-12 text-fg-muted">{t("parts.chart.nothing")}</p>;
  return (
    <div ref={box} className="min-w-0" style={{ height }}>
      <svg role="img" aria-label={label} width={width} height={height} className="block">
        <g transform={`translate(${AXIS_W} ${HEAD_H})`}>
          {bands.map((band) => (
            <rect
              key={band.from}
              x={left(band.from)}
              width={Math.max(0, left(band.to) - left(band.from))}
              height={plotH}
              className={clsx(band.fill, "opacity-15")}
            />
          ))}
          {y.ticks.map((tick) => (
            <g key={tick.at}>
              <line x2={plotW} y1={down(tick.at)} y2={down(tick.at)} className="stroke-line" />
              <text x={-6} y={down(tick.at) + 3} textAnchor="end" className="fill-fg-muted text-10">
                {tick.label}
              </text>
            </g>
          ))}
          {x.ticks.map((tick, index) => (
            <text
              key={tick.at}
              x={left(tick.at)}
              y={plotH + FOOT_H - 3}
              textAnchor={index === 0 ? "start" : index === x.ticks.length - 1 ? "end" : "middle"}
              className="fill-fg-muted text-10"
            >
              {tick.label}
            </text>
          ))}
          {against && (
            <path
              d={linePath(against, xs, ys, plotW, plotH)}
              strokeDasharray="3 3"
              className="fill-none stroke-fg-faint"
            />
          )}
          {props.area && (
            <path
              d={`${line}L${left(last.x)} ${plotH}L${left(first.x)} ${plotH}Z`}
              className={clsx(tone.fill, "opacity-15")}
            />
          )}
          <path d={line} strokeWidth={1.75} className={clsx("fill-none", tone.stroke)} />
          {props.dots &&
            points.map((point) => (
              <circle
                key={point.x}
                cx={left(point.x)}
                cy={down(point.y)}
                r={2.25}
                strokeWidth={1.25}
                className={clsx("fill-raised", tone.stroke)}
              />
            ))}
        </g>
      </svg>
    </div>
  );
}

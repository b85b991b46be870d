// Stacked bars over equal steps of time, with a quiet axis and the legend as words.
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import { formatShort } from "@/shared/format/count";
import { useWidth } from "@/shared/hooks/useWidth";
import { formatLocale } from "@/shared/i18n/locale";
import { Dot } from "@/shared/parts/Dot";
import { niceMax } from "./scale";

const AXIS_W = 24;
const FOOT_H = 16;

export interface BarSeries {
  name: string;
  /** Fill and text colour classes of the same role. */
  fill: string;
  tone: string;
}

export interface BarChartProps {
  label: string;
  series: readonly BarSeries[];
  /** One entry per step; `values` in the order of `series`. */
  bars: readonly { label?: string; values: readonly number[] }[];
  height?: number;
  /** A limit drawn across. */
  limit?: number;
}

export function BarLegend({ series }: { series: readonly BarSeries[] }) {
  return (
    <span className="flex items-center gap-2.5 text-11 text-fg-muted">
      {series.map(({ name, tone }) => (
        <span key={name} className="flex items-center gap-[5px] whitespace-nowrap">
          <Dot tone={tone} square />
          {name}
        </span>
      ))}
    </span>
  );
}

export function BarChart({ label, series, bars, height = 104, limit }: BarChartProps) {
  const { t } = useTranslation();
  const [box, width] = useWidth<HTMLDivElement>();
  const sums = bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const top = niceMax(Math.max(...sums, limit ?? 0, 0));
  const plotH = height - FOOT_H;
  const step = Math.max(0, width - AXIS_W) / Math.max(1, bars.length);
  const barW = Math.max(1, Math.min(18, step * 0.76));
  const up = (value: number) => (value / top) * (plotH - 6);
  const locale = formatLocale();
  // Between whole things there is no half one.
  const whole = bars.every(({ values }) => values.every(Number.isInteger));
  const ticks = [0, 0.5, 1].filter((share) => !whole || Number.isInteger(top * share));
  if (bars.length === 0)
    return <p className="p-3 text-12 text-fg-muted">{t("parts.chart.nothing")}</p>;
  return (
    <div ref={box} className="min-w-0" style={{ height }}>
      <svg role="img" aria-label={label} width={width} height={height} className="block">
        {ticks.map((share) => (
          <g key={share}>
            <line
              x1={AXIS_W}
              x2={width}
              y1={plotH - up(top * share)}
              y2={plotH - up(top * share)}
              className="stroke-line"
            />
            <text
              x={AXIS_W - 6}
              y={plotH - up(top * share) + 3}
              textAnchor="end"
              className="fill-fg-muted text-10"
            >
              {formatShort(top * share, locale)}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => {
          let below = plotH;
          const left = AXIS_W + index * step + (step - barW) / 2;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its step in time
            <g key={index}>
              {bar.values.map((value, layer) => {
                const h = up(value);
                below -= h;
                return (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its series
                    key={layer}
                    x={left}
                    y={below + (layer > 0 ? 0 : 0.5)}
                    width={barW}
                    height={Math.max(0, h - 1)}
                    rx={1.5}
                    className={clsx(series[layer]?.fill)}
                  />
                );
              })}
              {bar.label && (
                <text
                  x={Math.min(width - 2, Math.max(AXIS_W, left + barW / 2))}
                  y={height - 3}
                  textAnchor={index === bars.length - 1 ? "end" : "middle"}
                  className="fill-fg-muted text-10"
                >
                  {bar.label}
                </text>
              )}
            </g>
          );
        })}
        {limit !== undefined && (
          <line
            x1={AXIS_W}
            x2={width}
            y1={plotH - up(limit)}
            y2={plotH - up(limit)}
            strokeDasharray="3 3"
            className="stroke-warn-fill opacity-70"
          />
        )}
      </svg>
    </div>
  );
}

// Figures and charts.
import { Card, CardBody } from "@/shared/parts/Card";
import { BarChart, BarLegend, type BarSeries } from "@/shared/parts/charts/BarChart";
import { LineChart } from "@/shared/parts/charts/LineChart";
import { Sparkline } from "@/shared/parts/charts/Sparkline";
import { Figure } from "@/shared/parts/Figure";
import { Meter, StackBar } from "@/shared/parts/Meter";

const SERIES: readonly BarSeries[] = [
  { name: "by itself", fill: "fill-tool-fill", tone: "text-tool-fill" },
  { name: "after a person", fill: "fill-human-fill", tone: "text-human-fill" },
];
const HOURS = [15, 13, 12, 13, 15, 15, 13, 1, 0, 1, 1, 0, 0, 1, 0, 1, 8, 11, 7, 10, 13, 12, 15, 14];
const CURVE = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1];

export function ChartsRow() {
  return (
    <div className="grid grid-cols-3 gap-3.5">
      <Card title="Figures">
        <div className="grid grid-cols-2 divide-x divide-line">
          <Figure
            name="Agents"
            value="981"
            beside="of 1,204 awake"
            aside={<span className="text-ok">healthy</span>}
          >
            <StackBar
              label="62 planning, 871 working, 48 judging, 223 sleeping"
              className="mt-2"
              parts={[
                { name: "planning", amount: 62, fill: "bg-planning" },
                { name: "working", amount: 871, fill: "bg-working" },
                { name: "judging", amount: 48, fill: "bg-judging" },
                { name: "sleeping", amount: 223, fill: "bg-sleeping-fill" },
              ]}
            />
          </Figure>
          <Figure name="Spend today" value="$412.80" beside="of $900.00">
            <Meter
              share={0.46}
              tick={0.8}
              tone="money"
              label="Spend today"
              className="mt-2 h-1.5!"
            />
            <div className="mt-3 flex items-center gap-3 text-12">
              <span className="font-semibold text-15 text-fg-strong">118</span>
              <Sparkline
                label="Judge queue, last hour"
                tone="text-judging"
                values={[88, 90, 87, 92, 96, 94, 103, 110, 112, 118]}
              />
              <Sparkline label="Nothing yet" tone="text-planning" values={[]} />
            </div>
          </Figure>
        </div>
      </Card>
      <Card title="Published per hour" aside={<BarLegend series={SERIES} />}>
        <CardBody>
          <BarChart
            label="Published per hour, 24 hours"
            series={SERIES}
            bars={HOURS.map((alone, hour) => ({
              values: [alone, Math.round(alone * 0.4)],
              ...(hour === 0
                ? { label: "15:00" }
                : hour === 12
                  ? { label: "03:00" }
                  : hour === 23
                    ? { label: "now" }
                    : {}),
            }))}
            limit={20}
          />
        </CardBody>
      </Card>
      <Card title="Judge against people" aside="30 days, 4,108 decisions">
        <CardBody>
          <LineChart
            label="Share of the judge's verdicts that people confirmed, by confidence"
            points={CURVE.map((x) => ({ x, y: 30 + 70 * ((x - 0.5) * 2) ** 0.7 }))}
            against={[
              { x: 0.5, y: 50 },
              { x: 1, y: 100 },
            ]}
            x={{
              min: 0.5,
              max: 1,
              ticks: [0.5, 0.7, 0.9, 1].map((at) => ({ at, label: at.toFixed(2) })),
            }}
            y={{ min: 30, max: 100, ticks: [30, 65, 100].map((at) => ({ at, label: String(at) })) }}
            bands={[
              { from: 0.7, to: 0.9, fill: "fill-warn-fill" },
              { from: 0.9, to: 1, fill: "fill-ok-fill" },
            ]}
            dots
          />
        </CardBody>
      </Card>
    </div>
  );
}

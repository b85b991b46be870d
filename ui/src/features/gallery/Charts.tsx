// Figures and charts.
import { Card, CardBody } from "@/shared/parts/Card";
import { BarChart, BarLegend, type BarSeries } from "@/shared/parts/charts/BarChart";
import { Figure } from "@/shared/parts/Figure";
import { Meter, StackBar } from "@/shared/parts/Meter";

const SERIES: readonly BarSeries[] = [
  { name: "by itself", fill: "fill-tool-fill", tone: "text-tool-fill" },
  { name: "after a person", fill: "fill-human-fill", tone: "text-human-fill" },
];
const HOURS = [15, 13, 12, 13, 15, 15, 13, 1, 0, 1, 1, 0, 0, 1, 0, 1, 8, 11, 7, 10, 13, 12, 15, 14];

export function ChartsRow() {
  return (
    <div className="grid grid-cols-2 gap-3.5">
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
    </div>
  );
}

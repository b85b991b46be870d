// The plan graph, which can be changed.
import { Ban } from "lucide-react";
import { useState } from "react";
import { Card } from "@/shared/parts/Card";
import { Icon } from "@/shared/parts/Icon";
import { linkRefusal, type PlanLink, type PlanStep } from "@/shared/parts/plan/model";
import { PlanGraph } from "@/shared/parts/plan/PlanGraph";

const MARA = { id: "Mara Voss", name: "Mara Voss" };
const STEPS: readonly PlanStep[] = [
  {
    id: "threads",
    name: "Read brew threads",
    detail: "x.search, web.read",
    look: "plain",
    gate: "approved",
    cost: "$1.20",
    due: "Mon 09:00",
    tainted: true,
    phase: "Research",
  },
  {
    id: "logs",
    name: "Pull brew logs 30–41",
    detail: "northlight.cms",
    look: "plain",
    gate: "approved",
    cost: "$0.10",
    due: "Mon 09:00",
    phase: "Research",
  },
  {
    id: "trends",
    name: "Check summer trends",
    detail: "trends.cluster",
    look: "plain",
    gate: "approved",
    cost: "$0.60",
    due: "Mon 10:00",
    phase: "Research",
  },
  {
    id: "posts",
    name: "Write 14 posts",
    detail: "write.post, voice v7",
    look: "plain",
    gate: "waits",
    cost: "$3.90",
    due: "Mon 16:00",
    agent: MARA,
    tainted: true,
    phase: "Generate",
  },
  {
    id: "stills",
    name: "Make 6 stills",
    detail: "image.make, look “kitchen”",
    look: "plain",
    gate: "waits",
    cost: "$7.20",
    due: "Wed 12:00",
    agent: MARA,
    phase: "Generate",
  },
  {
    id: "judge",
    name: "Judge every draft",
    detail: "62% go by themselves",
    look: "judge",
    gate: "rule",
    cost: "$1.80",
    due: "rolling",
    phase: "Check",
  },
  {
    id: "people",
    name: "People review the rest",
    detail: "9 items, Inga or Jonas",
    look: "human",
    gate: "rule",
    cost: "18 min",
    due: "in 2 h each",
    phase: "Check",
  },
  {
    id: "x",
    name: "Publish on X",
    detail: "14 slots, 2 a day",
    look: "plain",
    gate: "waits",
    cost: "$0.00",
    due: "from Tue 08:30",
    phase: "Publish",
  },
  {
    id: "instagram",
    name: "Publish on Instagram",
    detail: "6 slots, Wed and Sat",
    look: "plain",
    gate: "waits",
    cost: "$0.00",
    due: "from Wed 10:00",
    warning: "Stills come too late",
    phase: "Publish",
  },
];
const LINKS: readonly PlanLink[] = [
  { from: "threads", to: "posts", tainted: true },
  { from: "logs", to: "posts" },
  { from: "logs", to: "stills" },
  { from: "trends", to: "posts" },
  { from: "posts", to: "judge", tainted: true },
  { from: "stills", to: "judge" },
  { from: "judge", to: "people" },
  { from: "people", to: "x" },
  { from: "people", to: "instagram" },
];

export function PlanCard() {
  const [links, setLinks] = useState(LINKS);
  const [selected, setSelected] = useState<string | null>("stills");
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <Card title="Plan" aside="9 steps, drag from edge to edge" className="h-[470px]">
      <div className="relative min-h-0 flex-1">
        <PlanGraph
          steps={STEPS}
          links={links}
          selected={selected}
          onSelect={setSelected}
          editing={{
            onLink: (from, to) =>
              !linkRefusal(links, from, to) && setLinks([...links, { from, to }]),
            onUnlink: (from, to) =>
              setLinks(links.filter((link) => link.from !== from || link.to !== to)),
            onRefused: (_why, from, to) =>
              setRefused(`${from.name} to ${to.name} would make a circle.`),
          }}
        />
        {refused && (
          <div
            role="alert"
            className="floating absolute bottom-3.5 left-1/2 flex -translate-x-1/2 items-center gap-2 border-bad-line! px-3 py-1.5 text-12"
          >
            <Icon of={Ban} size="sm" className="text-bad" />
            <span>
              <b className="font-semibold text-fg-strong">Connection refused.</b> {refused}
            </span>
          </div>
        )}
      </div>
    </Card>
  );
}

// The waterfall, with a run that waits for a person, and a very long one.
import { useState } from "react";
import { Card } from "@/shared/parts/Card";
import { Segmented } from "@/shared/parts/Segmented";
import type { Span } from "@/shared/parts/waterfall/model";
import { Waterfall } from "@/shared/parts/waterfall/Waterfall";

const RUN: readonly Span[] = [
  {
    id: "run",
    parent: null,
    name: "Reply to @brewlab_dalia",
    kind: "workflow",
    start: 0,
    end: null,
  },
  {
    id: "memory",
    parent: "run",
    name: "memory.search",
    kind: "memory",
    start: 100,
    end: 500,
    note: "3 hits",
  },
  {
    id: "thread",
    parent: "run",
    name: "x.thread.fetch",
    kind: "tool",
    start: 500,
    end: 1600,
    note: "12 posts",
    tainted: true,
  },
  {
    id: "plan",
    parent: "run",
    name: "Plan the reply",
    kind: "plan",
    start: 1600,
    end: 3100,
    note: "planner",
    tokens: "2.1k / 180",
    tainted: true,
  },
  {
    id: "web",
    parent: "run",
    name: "web.read northlight.coffee/brew-log",
    kind: "tool",
    start: 3100,
    end: 4000,
    note: "200, 14 kB",
  },
  {
    id: "policy",
    parent: "run",
    name: "policy.check",
    kind: "check",
    start: 4000,
    end: 4100,
    note: "allow, 2 marks",
  },
  {
    id: "write",
    parent: "run",
    name: "Write the reply",
    kind: "model",
    start: 4150,
    end: 7450,
    note: "writer",
    tokens: "3.4k / 212",
    tainted: true,
  },
  {
    id: "tool",
    parent: "run",
    name: "web.read harrow.example",
    kind: "tool",
    start: 7450,
    end: 7900,
    note: "403",
    failed: true,
  },
  {
    id: "judge",
    parent: "run",
    name: "Judge",
    kind: "judge",
    start: 7900,
    end: 10400,
    note: "0.78, medium",
    tainted: true,
  },
  {
    id: "voice",
    parent: "judge",
    name: "Voice",
    kind: "judge",
    start: 7900,
    end: 9200,
    note: "0.91",
    tokens: "1.1k / 60",
    tainted: true,
  },
  {
    id: "facts",
    parent: "judge",
    name: "Facts",
    kind: "judge",
    start: 7900,
    end: 10400,
    note: "0.74",
    tokens: "2.6k / 95",
    tainted: true,
  },
  {
    id: "wait",
    parent: "run",
    name: "Wait for approval",
    kind: "approval",
    start: 10500,
    end: null,
    note: "Inga Reuter holds it",
    tainted: true,
  },
  {
    id: "post",
    parent: "run",
    name: "x.post.create",
    kind: "effect",
    start: 230_000,
    end: null,
    planned: true,
    note: "after approval",
    tainted: true,
  },
];
const RUN_MS = 261_000;
const LONG: readonly Span[] = Array.from({ length: 20_000 }, (_, index) => ({
  id: `s${index}`,
  parent: index % 50 === 0 ? null : `s${index - (index % 50)}`,
  name: `span ${index}`,
  kind: (["tool", "model", "judge", "check"] as const)[index % 4] ?? "tool",
  start: index * 20,
  end: index * 20 + (index % 50 === 0 ? 1_000 : 60),
}));

export function TraceCard() {
  const [which, setWhich] = useState<"run" | "long">("run");
  const [startedAt] = useState(() => Date.now() - RUN_MS);
  const [selected, setSelected] = useState<string | null>("write");
  return (
    <Card
      title="Waterfall"
      aside={
        <Segmented
          label="Run"
          value={which}
          onChange={setWhich}
          segments={[
            { value: "run", label: "Waits for a person" },
            { value: "long", label: "20,000 spans" },
          ]}
        />
      }
      className="h-[430px]"
    >
      <Waterfall
        key={which}
        spans={which === "run" ? RUN : LONG}
        startedAt={startedAt}
        selected={selected}
        onSelect={setSelected}
        className="flex-1"
      />
    </Card>
  );
}

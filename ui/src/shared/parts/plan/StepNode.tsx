// One step of a plan as a card: what it is, who does it, what it costs, when it is ready, and who lets it pass.
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { clsx } from "clsx";
import {
  CircleCheck,
  CircleDashed,
  FastForward,
  Gavel,
  ListTodo,
  TriangleAlert,
  UserRoundCheck,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Badge } from "@/shared/parts/Badge";
import { type Glyph, Icon } from "@/shared/parts/Icon";
import type { PlanStep, StepGate, StepLook } from "./model";

export type StepNodeType = Node<{ step: PlanStep; icon?: Glyph; editable: boolean }, "step">;

const LOOKS: Record<StepLook, { icon: Glyph; edge: string; text: string }> = {
  plain: { icon: ListTodo, edge: "border-line-strong", text: "text-fg-muted" },
  judge: { icon: Gavel, edge: "border-judging/45", text: "text-judging" },
  human: { icon: UserRoundCheck, edge: "border-human border-dashed", text: "text-human" },
};
const GATES: Record<StepGate, { icon: Glyph; text: string }> = {
  approved: { icon: CircleCheck, text: "text-ok" },
  waits: { icon: CircleDashed, text: "text-warn" },
  rule: { icon: FastForward, text: "text-fg-faint" },
};

export function GateMark({ gate }: { gate: StepGate }) {
  const { t } = useTranslation();
  const { icon, text } = GATES[gate];
  return <Icon of={icon} size="sm" className={text} label={t(`parts.graph.gate.${gate}`)} />;
}

export function StepNode({ data: { step, icon, editable }, selected }: NodeProps<StepNodeType>) {
  const look = LOOKS[step.look];
  const port = clsx(
    "size-2! rounded-full! border! border-line-strong! bg-surface! transition-opacity!",
    editable
      ? "opacity-0 group-hover:opacity-100 hover:bg-accent!"
      : "pointer-events-none opacity-0",
  );
  return (
    <div
      className={clsx(
        "group relative flex h-[104px] w-[184px] flex-col rounded-8 border bg-raised px-[11px] py-[9px] text-left",
        selected
          ? "border-accent ring-3 ring-accent-soft"
          : step.warning
            ? "border-warn-line"
            : look.edge,
      )}
    >
      <Handle type="target" position={Position.Left} className={port} isConnectable={editable} />
      <div className="flex items-start gap-[7px]">
        <Icon of={icon ?? look.icon} size="sm" className={clsx("mt-0.5", look.text)} />
        <b
          title={step.name}
          className="line-clamp-2 min-w-0 flex-1 font-medium text-fg-strong leading-[17px] [overflow-wrap:anywhere]"
        >
          {step.name}
        </b>
        {step.agent && <AgentAvatar {...step.agent} size="xs" named />}
      </div>
      <div className="clip mt-[3px] text-12 text-fg-muted">{step.detail}</div>
      <div className="mt-auto flex items-center gap-2">
        {step.state && <Badge tone={step.state.tone}>{step.state.word}</Badge>}
        {step.cost && <span className="num">{step.cost}</span>}
        {step.due && (
          <span className={clsx("clip text-11", step.warning ? "text-warn" : "text-fg-faint")}>
            {step.due}
          </span>
        )}
        <span className="ml-auto flex items-center gap-1">
          {step.warning && (
            <Icon of={TriangleAlert} size="sm" className="text-warn" label={step.warning} />
          )}
          {step.gate && <GateMark gate={step.gate} />}
        </span>
      </div>
      {step.tainted && (
        <span aria-hidden className="hatch absolute -inset-y-px -right-px w-1.5 rounded-r-8" />
      )}
      <Handle type="source" position={Position.Right} className={port} isConnectable={editable} />
    </div>
  );
}

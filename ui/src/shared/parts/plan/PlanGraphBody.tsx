// The plan as a graph that lays itself out. Selecting lights the paths; connecting is refused where it would make a
// circle, and says so.
import "@xyflow/react/dist/base.css";
import {
  type Connection,
  type Edge,
  MarkerType,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  ViewportPortal,
} from "@xyflow/react";
import { Maximize, Minus, Plus } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Glyph } from "@/shared/parts/Icon";
import { IconButton } from "@/shared/parts/IconButton";
import { placeSteps } from "./layout";
import { type LinkRefusal, linkRefusal, type PlanLink, type PlanStep, phasesOf } from "./model";
import { GateMark, StepNode, type StepNodeType } from "./StepNode";

export interface PlanGraphProps {
  steps: readonly PlanStep[];
  links: readonly PlanLink[];
  selected: string | null;
  onSelect: (id: string | null) => void;
  /** An icon for a step, by its skill; the look has one of its own. */
  iconOf?: (step: PlanStep) => Glyph | undefined;
  /** Present while the plan may be changed. */
  editing?: {
    onLink: (from: string, to: string) => void;
    onUnlink: (from: string, to: string) => void;
    onRefused: (why: LinkRefusal, from: PlanStep, to: PlanStep) => void;
  };
}

const NODE_TYPES = { step: StepNode };
const GATES_SHOWN = ["approved", "waits", "rule"] as const;
const TITLE_ABOVE = 30;
/** Room around the plan when it is fitted; the titles of the phases stand above the steps. */
const ROOM = { top: "44px", x: "20px", bottom: "20px" } as const;
const FIT = { padding: ROOM, maxZoom: 1 } as const;
const LINK_LOOKS = {
  plain: { stroke: "var(--wait)", strokeWidth: 1.5 },
  lit: { stroke: "var(--accent)", strokeWidth: 2 },
  tainted: { stroke: "var(--taint)", strokeWidth: 1.75, strokeDasharray: "2 3" },
} as const;

function drawn(link: PlanLink, selected: string | null, editable: boolean): Edge {
  const lit = selected !== null && (link.from === selected || link.to === selected);
  const look = LINK_LOOKS[link.tainted ? "tainted" : lit ? "lit" : "plain"];
  return {
    id: `${link.from}>${link.to}`,
    source: link.from,
    target: link.to,
    style: lit ? { ...look, strokeWidth: 2 } : look,
    zIndex: lit ? 1 : 0,
    deletable: editable,
    focusable: editable,
    markerEnd: { type: MarkerType.ArrowClosed, color: look.stroke, width: 14, height: 14 },
  };
}

function Buttons() {
  const { t } = useTranslation();
  const flow = useReactFlow();
  return (
    <Panel position="bottom-right" className="m-2! flex gap-1">
      <IconButton
        size="sm"
        icon={Minus}
        label={t("parts.graph.zoomOut")}
        onClick={() => void flow.zoomOut()}
      />
      <IconButton
        size="sm"
        icon={Plus}
        label={t("parts.graph.zoomIn")}
        onClick={() => void flow.zoomIn()}
      />
      <IconButton
        size="sm"
        icon={Maximize}
        label={t("parts.graph.fit")}
        onClick={() => void flow.fitView()}
      />
    </Panel>
  );
}

/** What the marks on the steps mean; only of those that are there. */
function Legend({ steps }: { steps: readonly PlanStep[] }) {
  const { t } = useTranslation();
  const gates = GATES_SHOWN.filter((gate) => steps.some((step) => step.gate === gate));
  const tainted = steps.some((step) => step.tainted);
  if (gates.length === 0 && !tainted) return null;
  return (
    <Panel position="bottom-left" className="m-2!">
      <ul className="flex items-center gap-3 text-11 text-fg-muted">
        {gates.map((gate) => (
          <li key={gate} className="flex items-center gap-1">
            <GateMark gate={gate} />
            <span aria-hidden>{t(`parts.graph.gate.${gate}`)}</span>
          </li>
        ))}
        {tainted && (
          <li className="flex items-center gap-1">
            <span aria-hidden className="hatch h-3 w-3 rounded-2" />
            {t("parts.graph.gate.taint")}
          </li>
        )}
      </ul>
    </Panel>
  );
}

function Graph({ steps, links, selected, onSelect, iconOf, editing }: PlanGraphProps) {
  const { t } = useTranslation();
  const editable = editing !== undefined;
  const places = useMemo(() => placeSteps(steps, links), [steps, links]);
  const phases = useMemo(() => phasesOf(steps, (id) => places.get(id)?.x ?? 0), [steps, places]);
  const top = Math.min(0, ...[...places.values()].map(({ y }) => y));
  const flow = useReactFlow();
  const count = steps.length;
  const room = useStore(({ width, height }) => `${width} ${height}`);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another size of the room is a reason to fit
  useEffect(() => {
    // Neither a step that is added nor a smaller window may leave steps outside what is seen.
    if (count > 0) requestAnimationFrame(() => void flow.fitView(FIT));
  }, [flow, count, room]);
  const nodes: StepNodeType[] = steps.map((step) => {
    const icon = iconOf?.(step);
    return {
      id: step.id,
      type: "step",
      position: places.get(step.id) ?? { x: 0, y: 0 },
      selected: step.id === selected,
      data: { step, editable, ...(icon ? { icon } : {}) },
      deletable: false,
      ariaLabel: t("parts.graph.step", { name: step.name }),
    };
  });
  const edges = links.map((link) => drawn(link, selected, editable));
  const connect = ({ source, target }: Connection) => {
    const why = linkRefusal(links, source, target);
    if (!why) return editing?.onLink(source, target);
    const [from, to] = [source, target].map((id) => steps.find((step) => step.id === id));
    if (from && to) editing?.onRefused(why, from, to);
  };
  return (
    <ReactFlow
      aria-label={t("parts.graph.label")}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      nodesDraggable={false}
      nodesConnectable={editable}
      onConnect={connect}
      onEdgesDelete={(gone) => {
        for (const { source, target } of gone) editing?.onUnlink(source, target);
      }}
      onNodesChange={(changes) => {
        for (const change of changes) {
          if (change.type === "select" && change.selected) onSelect(change.id);
        }
      }}
      onPaneClick={() => onSelect(null)}
      fitView
      fitViewOptions={FIT}
      minZoom={0.3}
      maxZoom={1.5}
      proOptions={{ hideAttribution: true }}
      className="dots"
    >
      <ViewportPortal>
        {phases.map((phase) => (
          <div
            key={phase.title}
            className="absolute whitespace-nowrap font-semibold text-12 text-fg-muted"
            style={{ transform: `translate(${phase.x}px, ${top - TITLE_ABOVE}px)` }}
          >
            {phase.title}
          </div>
        ))}
      </ViewportPortal>
      <Buttons />
      {editable && <Legend steps={steps} />}
    </ReactFlow>
  );
}

export function PlanGraphBody(props: PlanGraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

// Places the steps of a plan from left to right.
import { Graph, layout } from "@dagrejs/dagre";
import type { PlanLink, PlanStep } from "./model";

export const STEP_W = 184;
export const STEP_H = 88;
const BETWEEN_STEPS = 22;
const BETWEEN_COLUMNS = 39;

export type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

/** Upper left corner of each step. The same plan is always laid out the same way. */
export function placeSteps(steps: readonly PlanStep[], links: readonly PlanLink[]): Places {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: BETWEEN_STEPS, ranksep: BETWEEN_COLUMNS });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of steps) graph.setNode(step.id, { width: STEP_W, height: STEP_H });
  for (const { from, to } of links) {
    if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to);
  }
  layout(graph);
  return new Map(
    steps.map(({ id }) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return [id, { x: Math.round(x - STEP_W / 2), y: Math.round(y - STEP_H / 2) }];
    }),
  );
}

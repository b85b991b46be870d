// Places the steps of a plan from left to right.
import { Graph, layout } from "@dagrejs/dagre";
import type { PlanLink, PlanStep } from "./model";

export const STEP_W = 184;
export const STEP_H = 104;
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
  const corners = steps.map(({ id }) => {
    const { x, y } = graph.node(id) as { x: number; y: number };
    return { id, x: Math.round(x - STEP_W / 2), y: Math.round(y - STEP_H / 2) };
  });
  const height = Math.max(0, ...corners.map(({ y }) => y));
  const upright = (y: number) => (isUpsideDown(corners) ? height - y : y);
  return new Map(corners.map(({ id, x, y }) => [id, { x, y: upright(y) }]));
}

/** Whether within the columns more steps stand above earlier ones than below them; turned over, no line crosses more. */
function isUpsideDown(corners: readonly { x: number; y: number }[]): boolean {
  let balance = 0;
  for (const [index, later] of corners.entries()) {
    for (const earlier of corners.slice(0, index)) {
      if (earlier.x === later.x) balance += Math.sign(earlier.y - later.y);
    }
  }
  return balance > 0;
}

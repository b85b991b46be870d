// What the frame shows, from the backend: the person, the figures, the line.
import { useMemo } from "react";
import { hooks, type Wire } from "@/ipc/api";
import { useLive } from "@/ipc/live";
import type { FleetFigures, FrameState, RoomCount } from "./model";
import type { RoomId } from "./rooms";

function figuresOf(gauge: Wire<"Gauge">): FleetFigures {
  return {
    planning: gauge.planning,
    working: gauge.working,
    judging: gauge.judging,
    sleeping: gauge.sleeping,
    waitingForJudge: gauge.tasks_judging,
    waitingForPeople: gauge.reviews_open,
    held: gauge.effects_held,
    spentToday: gauge.spend_today,
    spentOfAllowed: gauge.spend_of_budgets,
    unpricedToday: gauge.unpriced_calls,
    allowedToday: gauge.daily_budgets,
    alerts: gauge.alerts_open,
    stopped: gauge.stopped,
    stopReason: gauge.stop_reason ?? null,
  };
}

/** What stands beside the rooms' names; nothing stands beside a room in which nothing waits. */
function countsOf(gauge: Wire<"Gauge">): Partial<Record<RoomId, RoomCount>> {
  const counts: Partial<Record<RoomId, RoomCount>> = {
    review: { value: gauge.reviews_open },
    campaigns: { value: gauge.campaigns_active },
    fleet: { value: gauge.agents },
    incidents: { value: gauge.alerts_open, hot: true },
  };
  return Object.fromEntries(Object.entries(counts).filter(([, { value }]) => value > 0));
}

/** Figures that no fact moves, such as a budget at midnight, and the length of the line are looked at so often. */
const LOOK_MS = 15_000;

export function useFrameState(me: Wire<"Me">): FrameState {
  const { data: gauge } = hooks.useQuery("get", "/api/v1/swarm/gauge", undefined, {
    refetchInterval: LOOK_MS,
  });
  const { connection, latencyMs } = useLive();
  return useMemo(
    () => ({
      workspace: me.tenant.name,
      person: me.user,
      solo: me.solo,
      rooms: me.rooms,
      counts: gauge ? countsOf(gauge) : {},
      figures: gauge ? figuresOf(gauge) : null,
      connection,
      latencyMs,
      mayStop: me.may.includes("stop"),
      mayRelease: me.may.includes("release"),
    }),
    [me, gauge, connection, latencyMs],
  );
}

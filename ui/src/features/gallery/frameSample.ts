// A frame's state to look at: an operator who is also a brand owner, on a busy day.
import type { Connection } from "@/ipc/events";

const connection: Connection = { state: "live" };

export const FRAME_SAMPLE = {
  workspace: "Halden Collective",
  person: { id: "tomas", name: "Tomas Ekholm", roles: ["operator", "brand_owner"] as const },
  solo: false,
  rooms: [
    "home",
    "review",
    "fleet",
    "traces",
    "campaigns",
    "personas",
    "incidents",
    "audit",
    "content",
    "connections",
    "policies",
    "settings",
  ] as const,
  counts: {
    home: { value: 5 },
    review: { value: 41 },
    fleet: { value: 1204 },
    traces: { value: 5 },
    campaigns: { value: 6 },
    incidents: { value: 1, hot: true },
    connections: { value: 1, hot: true },
  },
  figures: {
    planning: 62,
    working: 871,
    judging: 48,
    sleeping: 223,
    waitingForJudge: 118,
    waitingForPeople: 41,
    held: 64,
    spentToday: "412.80",
    spentOfAllowed: "400.30",
    unpricedToday: 0,
    allowedToday: "900.00",
    alerts: 1,
    stopped: false,
    stopReason: null,
  },
  connection,
  latencyMs: 38,
  mayStop: true,
  mayRelease: true,
} as const;

/** Lines of the policy that ships. */
export const SHIPPED = { autoAbove: 9_000, reviewFrom: 7_000, mustApproveFrom: 5_000 } as const;

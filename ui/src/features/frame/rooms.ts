// Every room that the console can have: where it is, how it is drawn, which key goes there. Which of them a person
// sees, and in which order, the backend says.
import {
  Bot,
  House,
  Inbox,
  Library,
  ListTree,
  Megaphone,
  Plug,
  Radar,
  Scale,
  ScrollText,
  Settings,
  ShieldAlert,
  VenetianMask,
} from "lucide-react";
import { at } from "@/shared/addresses";
import type { Action } from "@/shared/keys/table";
import type { Glyph } from "@/shared/parts/Icon";

export type RoomId =
  | "home"
  | "review"
  | "campaigns"
  | "personas"
  | "fleet"
  | "traces"
  | "trends"
  | "content"
  | "incidents"
  | "audit"
  | "connections"
  | "policies"
  | "settings";

export type RoomGroup = "first" | "run" | "watch" | "setup";

export interface RoomEntry {
  readonly path: string;
  readonly icon: Glyph;
  readonly group: RoomGroup;
  readonly go: Action;
  /** Addresses elsewhere that belong to the room. */
  readonly also?: string;
}

export const ROOMS: Readonly<Record<RoomId, RoomEntry>> = {
  home: { path: "/", icon: House, group: "first", go: "goHome" },
  review: { path: "/review", icon: Inbox, group: "first", go: "goReview" },
  fleet: { path: "/fleet", icon: Bot, group: "run", go: "goFleet" },
  traces: { path: "/traces", icon: ListTree, group: "run", go: "goTraces" },
  campaigns: { path: "/campaigns", icon: Megaphone, group: "run", go: "goCampaigns" },
  personas: { path: "/personas", icon: VenetianMask, group: "run", go: "goPersonas" },
  content: { path: "/content", icon: Library, group: "run", go: "goContent", also: "/network" },
  incidents: { path: "/incidents", icon: ShieldAlert, group: "watch", go: "goIncidents" },
  audit: { path: "/audit", icon: ScrollText, group: "watch", go: "goAudit" },
  trends: { path: at.trends, icon: Radar, group: "watch", go: "goTrends" },
  connections: { path: "/connections", icon: Plug, group: "setup", go: "goConnections" },
  policies: { path: "/policies", icon: Scale, group: "setup", go: "goPolicies" },
  settings: { path: "/settings", icon: Settings, group: "setup", go: "settings" },
};

/** So many rooms are read without headings; more are grouped. */
const UNGROUPED_MAX = 7;
const GROUPS: readonly RoomGroup[] = ["first", "run", "watch", "setup"];

export interface RoomSection {
  /** Null for rooms that stand without a heading. */
  readonly heading: Exclude<RoomGroup, "first"> | null;
  readonly rooms: readonly RoomId[];
}

/** The sidebar's sections. Few rooms stay in the given order, with settings apart at the end. */
export function sectionsOf(rooms: readonly RoomId[]): readonly RoomSection[] {
  if (rooms.length <= UNGROUPED_MAX) {
    const work = rooms.filter((room) => room !== "settings");
    const rest = rooms.filter((room) => room === "settings");
    return [work, rest]
      .filter(({ length }) => length > 0)
      .map((part) => ({ heading: null, rooms: part }));
  }
  return GROUPS.map((group) => ({
    heading: group === "first" ? null : group,
    rooms: rooms.filter((room) => ROOMS[room].group === group),
  })).filter(({ rooms: part }) => part.length > 0);
}

/** The room that an address lies in: "/review/0199…" lies in review. */
export function roomAt(path: string): RoomId | null {
  const ids = Object.keys(ROOMS) as RoomId[];
  const below = (root: string) =>
    root === "/" ? path === "/" : path === root || path.startsWith(`${root}/`);
  const inside = (room: RoomId) => {
    const { path: root, also } = ROOMS[room];
    return below(root) || (also !== undefined && below(also));
  };
  return ids.find(inside) ?? null;
}

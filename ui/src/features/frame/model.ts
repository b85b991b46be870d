// What the frame shows, as it is handed in. Where it comes from is the routes' business.
import type { Connection } from "@/ipc/events";
import type { RoomId } from "./rooms";

export type Role = "admin" | "operator" | "moderator" | "brand_owner" | "finance" | "viewer";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

export interface RoomCount {
  readonly value: number;
  /** Something there should not wait. */
  readonly hot?: boolean;
}

/** The fleet's figures, sampled. Money as decimal strings. */
export interface FleetFigures {
  readonly planning: number;
  readonly working: number;
  readonly judging: number;
  readonly sleeping: number;
  readonly waitingForJudge: number;
  readonly waitingForPeople: number;
  readonly held: number;
  readonly spentToday: string;
  /** What running campaigns spent of `allowedToday`. */
  readonly spentOfAllowed: string;
  /** Calls whose cost nobody knows; they are not in `spentToday`. */
  readonly unpricedToday: number;
  readonly allowedToday: string;
  /** 200 stands for 200 or more. */
  readonly alerts: number;
  readonly stopped: boolean;
  /** Why, while it is. */
  readonly stopReason: string | null;
}

export interface FrameState {
  readonly workspace: string;
  readonly person: Person;
  /** One person holds every role alone; shown always. */
  readonly solo: boolean;
  readonly rooms: readonly RoomId[];
  readonly counts: Readonly<Partial<Record<RoomId, RoomCount>>>;
  readonly figures: FleetFigures | null;
  readonly connection: Connection;
  /** Round trip of the last read, in milliseconds. */
  readonly latencyMs: number | null;
  readonly mayStop: boolean;
  readonly mayRelease: boolean;
}

export interface FrameActs {
  /** Resolves once everything is stopped; rejects with what went wrong. */
  stop(reason: string): Promise<void>;
  release(): Promise<void>;
  reconnect(): void;
  signOut(): void;
}

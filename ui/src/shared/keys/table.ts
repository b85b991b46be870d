// Every key of the console in one place: what it is called, where it acts, and which key it is unless changed.
import type { ParseKeys } from "i18next";

export type Scope = "everywhere" | "go" | "list" | "review" | "edit" | "compose";

export interface KeyEntry {
  readonly keys: string;
  readonly scope: Scope;
  readonly label: ParseKeys;
  /** Stops or pays: may never be moved to a bare key. */
  readonly grave?: true;
  /** Acts also while typing in a field although it is bare; only Escape is such a key. */
  readonly inField?: true;
}

const entries = {
  palette: { keys: "Mod+K", scope: "everywhere", label: "keys.act.palette" },
  sheet: { keys: "?", scope: "everywhere", label: "keys.act.sheet" },
  search: { keys: "/", scope: "everywhere", label: "keys.act.search" },
  undo: { keys: "z", scope: "everywhere", label: "keys.act.undo" },
  settings: { keys: "Mod+,", scope: "everywhere", label: "keys.act.settings" },
  stop: { keys: "Ctrl+Shift+.", scope: "everywhere", label: "keys.act.stop", grave: true },
  goHome: { keys: "g h", scope: "go", label: "keys.act.goHome" },
  goReview: { keys: "g r", scope: "go", label: "keys.act.goReview" },
  goCampaigns: { keys: "g c", scope: "go", label: "keys.act.goCampaigns" },
  goPersonas: { keys: "g p", scope: "go", label: "keys.act.goPersonas" },
  goFleet: { keys: "g f", scope: "go", label: "keys.act.goFleet" },
  goTraces: { keys: "g t", scope: "go", label: "keys.act.goTraces" },
  goTrends: { keys: "g d", scope: "go", label: "keys.act.goTrends" },
  goContent: { keys: "g b", scope: "go", label: "keys.act.goContent" },
  goIncidents: { keys: "g i", scope: "go", label: "keys.act.goIncidents" },
  goAudit: { keys: "g a", scope: "go", label: "keys.act.goAudit" },
  goConnections: { keys: "g n", scope: "go", label: "keys.act.goConnections" },
  goPolicies: { keys: "g o", scope: "go", label: "keys.act.goPolicies" },
  next: { keys: "j", scope: "list", label: "keys.act.next" },
  previous: { keys: "k", scope: "list", label: "keys.act.previous" },
  open: { keys: "Enter", scope: "list", label: "keys.act.open" },
  approve: { keys: "a", scope: "review", label: "keys.act.approve" },
  reject: { keys: "r", scope: "review", label: "keys.act.reject" },
  edit: { keys: "e", scope: "review", label: "keys.act.edit" },
  escalate: { keys: "x", scope: "review", label: "keys.act.escalate" },
  skip: { keys: "s", scope: "review", label: "keys.act.skip" },
  claim: { keys: "c", scope: "review", label: "keys.act.claim" },
  trace: { keys: "t", scope: "review", label: "keys.act.trace" },
  commit: { keys: "Mod+Enter", scope: "edit", label: "keys.act.commit" },
  drop: { keys: "Escape", scope: "edit", label: "keys.act.drop", inField: true },
  save: { keys: "Mod+S", scope: "edit", label: "keys.act.save" },
  addStep: { keys: "n", scope: "compose", label: "keys.act.addStep" },
  connect: { keys: "c", scope: "compose", label: "keys.act.connect" },
  removeStep: { keys: "Delete", scope: "compose", label: "keys.act.removeStep" },
} as const satisfies Record<string, KeyEntry>;

export type Action = keyof typeof entries;

export const KEY_TABLE: Readonly<Record<Action, KeyEntry>> = entries;
export const ACTIONS = Object.keys(entries) as Action[];
export const SCOPES: readonly Scope[] = ["everywhere", "go", "list", "review", "edit", "compose"];

export function isAction(name: string): name is Action {
  return name in entries;
}

// What the labels of an item say, for the card. Pure.
import type { Wire } from "@/ipc/api";
import type { Origin } from "@/shared/parts/Provenance";

type Label = Wire<"Label">;
type Provenance = Wire<"Provenance">;

export interface AimRow {
  name: string;
  value: string;
  origin: Origin;
  via: Label["via"];
}

/** The edge that a label is drawn with: whatever may be a stranger's is drawn as one's. */
export function edgeOf(label: Label): Origin {
  if (label.untrusted) return "untrusted";
  if (label.origin.kind === "operator" || label.origin.kind === "persona") return label.origin.kind;
  return "tool";
}

/** How many labels are untrusted, and how many private. */
export function labelled(provenance: Provenance | null): { untrusted: number; kept: number } {
  const labels = provenance?.labels ?? [];
  return {
    untrusted: labels.filter((label) => label.untrusted).length,
    kept: labels.filter((label) => label.private !== null).length,
  };
}

/** What the action is aimed at; what Chimera itself fills in is only counted. */
export function aimsOf(provenance: Provenance): { rows: AimRow[]; byHost: number } {
  const rows: AimRow[] = [];
  let byHost = 0;
  for (const argument of provenance.arguments) {
    if (argument.words) continue;
    const labels = argument.labels
      .map((place) => provenance.labels[place])
      .filter((label) => label !== undefined);
    if (labels.length > 0 && labels.every(({ via }) => via === "host")) {
      byHost += 1;
      continue;
    }
    const worst = labels.find(({ untrusted }) => untrusted) ?? labels[0];
    if (!worst) continue;
    const name = argument.at.replace(/^\//, "");
    rows.push({ name, value: argument.value, origin: edgeOf(worst), via: worst.via });
  }
  return { rows, byHost };
}

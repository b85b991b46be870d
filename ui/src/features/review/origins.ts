// Where each argument of an item came from, as far as the card says it. Pure.
import type { Wire } from "@/ipc/api";
import type { Origin } from "@/shared/parts/Provenance";
import { hostOf } from "./model";

export interface OriginWords {
  goal: string;
  voice: string;
  reads: string;
  soul: string;
  memory: string;
  model: string;
}

export interface OriginRow {
  name: string;
  value: string;
  origin: Origin;
  /** What exactly; without it the origin's own word. */
  source?: string;
}

/** The edge that a wire origin is drawn with, and its name. What a model made up is drawn as a tool's. */
export function sourceOf(
  origin: Wire<"Origin">,
  words?: Pick<OriginWords, "memory" | "model">,
): { origin: Origin; name: string | undefined } {
  switch (origin.kind) {
    case "untrusted":
      return { origin: "untrusted", name: hostOf(origin.source) };
    case "tool":
      return { origin: "tool", name: origin.tool };
    case "memory":
      return { origin: "tool", name: words?.memory };
    case "model":
      return { origin: "tool", name: words?.model };
    default:
      return { origin: origin.kind, name: undefined };
  }
}

/** The goal, the voice, and each source once. */
export function rowsOf(card: Wire<"ReviewCard">, words: OriginWords): OriginRow[] {
  const { persona, artifact, goal } = card;
  const traits = persona.voice_traits.join(", ");
  const rows: OriginRow[] = [
    { name: words.goal, value: goal, origin: "operator" },
    {
      name: words.voice,
      value: traits || persona.role || "",
      origin: "persona",
      source: words.soul,
    },
  ];
  for (const [index, source] of artifact.sources.entries()) {
    const { origin, name } = sourceOf(source.origin, words);
    rows.push({
      name: artifact.sources.length > 1 ? `${words.reads} ${index + 1}` : words.reads,
      value: source.excerpt || source.title,
      origin,
      ...(name ? { source: name } : {}),
    });
  }
  return rows;
}

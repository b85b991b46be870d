// An AI provider as it is being typed, and as the API takes it.
import type { Wire } from "@/ipc/api";

export type KeyPlaceName = Wire<"KeyPlace">["place"];

export interface ModelDraft {
  readonly kind: Wire<"ModelKind">;
  readonly address: string;
  readonly worker: string;
  /** Plans and judges; empty means the worker's model. */
  readonly strong: string;
  readonly place: KeyPlaceName;
  readonly keyName: string;
}

/** Usual addresses, with where their key usually lies. */
export const PRESETS = [
  { id: "openai", address: "https://api.openai.com/v1", place: "environment" },
  { id: "openrouter", address: "https://openrouter.ai/api/v1", place: "environment" },
  { id: "ollama", address: "http://127.0.0.1:11434/v1", place: "none" },
  { id: "lmstudio", address: "http://127.0.0.1:1234/v1", place: "none" },
] as const satisfies readonly { id: string; address: string; place: KeyPlaceName }[];

/** The variable that a server reads a provider's key from unless told otherwise. */
const USUAL_KEY = "OPENAI_API_KEY";

export const REHEARSAL: ModelDraft = {
  kind: "rehearsal",
  address: "",
  worker: "",
  strong: "",
  place: "environment",
  keyName: USUAL_KEY,
};

export function draftOf(settings: Wire<"ModelSettings"> | null | undefined): ModelDraft {
  if (!settings) return REHEARSAL;
  const models = (settings.models ?? {}) as Partial<Record<Wire<"ModelRole">, string>>;
  const worker = models.worker ?? "";
  const strong = models.planner ?? models.judge ?? "";
  const key = settings.key ?? { place: "none" };
  return {
    kind: settings.kind,
    address: settings.base_url ?? "",
    worker,
    strong: strong === worker ? "" : strong,
    place: settings.kind === "rehearsal" ? REHEARSAL.place : key.place,
    keyName: "name" in key ? key.name : USUAL_KEY,
  };
}

export function settingsOf(draft: ModelDraft): Wire<"ModelSettings"> {
  if (draft.kind === "rehearsal") return { kind: "rehearsal" };
  const [worker, strong] = [draft.worker.trim(), draft.strong.trim()];
  return {
    kind: draft.kind,
    base_url: draft.address.trim(),
    models: { worker, ...(strong ? { planner: strong, judge: strong } : {}) },
    key:
      draft.place === "none"
        ? { place: "none" }
        : { place: draft.place, name: draft.keyName.trim() },
  };
}

/** Whether enough is written to ask the provider. */
export function isWhole(draft: ModelDraft): boolean {
  if (draft.kind === "rehearsal") return true;
  const named = draft.place === "none" || draft.keyName.trim() !== "";
  return draft.address.trim() !== "" && draft.worker.trim() !== "" && named;
}

export function isSame(a: ModelDraft, b: ModelDraft): boolean {
  return JSON.stringify(settingsOf(a)) === JSON.stringify(settingsOf(b));
}

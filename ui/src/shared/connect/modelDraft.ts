// An AI provider as it is being typed, and as the API takes it. The key itself is none of it.
import type { Wire } from "@/ipc/api";

export type KeyPlaceName = Wire<"KeyPlace">["place"];

export interface ModelDraft {
  readonly kind: Wire<"ModelKind">;
  readonly address: string;
  readonly worker: string;
  /** Plans and judges; empty means the worker's model. */
  readonly strong: string;
  readonly place: KeyPlaceName;
  /** Name of the keychain's entry, or of the variable. */
  readonly keyName: string;
}

/** Usual addresses, and whether a key is needed there. */
export const PRESETS = [
  { id: "openai", address: "https://api.openai.com/v1", needsKey: true },
  { id: "openrouter", address: "https://openrouter.ai/api/v1", needsKey: true },
  { id: "ollama", address: "http://127.0.0.1:11434/v1", needsKey: false },
  { id: "lmstudio", address: "http://127.0.0.1:1234/v1", needsKey: false },
] as const satisfies readonly { id: string; address: string; needsKey: boolean }[];

/** The variable that Chimera reads a provider's key from. */
export const KEY_VARIABLE = "OPENAI_API_KEY";

export const REHEARSAL: ModelDraft = {
  kind: "rehearsal",
  address: "",
  worker: "",
  strong: "",
  place: "environment",
  keyName: KEY_VARIABLE,
};

/** So many characters has a name at most. */
const NAME_MAX = 64;

/** What the key for an address is called. It goes by the host, so that no key is sent to another one. */
export function keyNameOf(address: string): string {
  const known = PRESETS.find((preset) => preset.address === address.trim());
  if (known) return known.id;
  const host = URL.canParse(address.trim()) ? new URL(address.trim()).host : "";
  const plain = host.toLowerCase().replace(/[^a-z0-9.]+/g, "-");
  return plain.replace(/^[^a-z0-9]+/, "").slice(0, NAME_MAX);
}

/** Where a key is usually kept here: not in a keychain that does not work. */
export function usualPlace(keychain: Wire<"Keychain"> | undefined): KeyPlaceName {
  const inKeychain = keychain?.works === true && keychain.supplied.length === 0;
  return inKeychain ? "keychain" : "environment";
}

export function withPlace(draft: ModelDraft, place: KeyPlaceName): ModelDraft {
  const keyName = place === "keychain" ? keyNameOf(draft.address) : KEY_VARIABLE;
  return { ...draft, place, keyName };
}

/** Another address has another key. */
export function withAddress(draft: ModelDraft, address: string): ModelDraft {
  return withPlace({ ...draft, address }, draft.place);
}

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
    keyName: "name" in key ? key.name : KEY_VARIABLE,
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

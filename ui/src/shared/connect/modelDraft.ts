// An AI provider as it is being typed, and as the API takes it. The key itself is none of it.
import type { Wire } from "@/ipc/api";

type Kind = Wire<"ModelKind">;
export type KeyPlaceName = Wire<"KeyPlace">["place"];

/** What names a key: where it lies, and as what. */
export interface KeyDraft {
  readonly kind: Kind;
  readonly address: string;
  readonly place: KeyPlaceName;
  /** Name of the keychain's entry, or of the variable. */
  readonly keyName: string;
}

/** One model of another provider. */
export interface OtherDraft extends KeyDraft {
  readonly model: string;
}

/** What another provider can do: answer to one role, or stand in for the others. */
export const SLOTS = ["planner", "judge", "fallback"] as const;
export type Slot = (typeof SLOTS)[number];

export interface ModelDraft extends KeyDraft {
  readonly worker: string;
  /** Plans and judges; empty means the worker's model. */
  readonly strong: string;
  readonly others: Readonly<Partial<Record<Slot | "worker", OtherDraft>>>;
}

/** Usual addresses, and whether a key is needed there. */
export const PRESETS = [
  {
    id: "openai",
    kind: "openai-compatible",
    address: "https://api.openai.com/v1",
    needsKey: true,
  },
  {
    id: "openrouter",
    kind: "openai-compatible",
    address: "https://openrouter.ai/api/v1",
    needsKey: true,
  },
  {
    id: "ollama",
    kind: "openai-compatible",
    address: "http://127.0.0.1:11434/v1",
    needsKey: false,
  },
  {
    id: "lmstudio",
    kind: "openai-compatible",
    address: "http://127.0.0.1:1234/v1",
    needsKey: false,
  },
  { id: "anthropic", kind: "anthropic", address: "https://api.anthropic.com/v1", needsKey: true },
  {
    id: "gemini",
    kind: "gemini",
    address: "https://generativelanguage.googleapis.com/v1beta",
    needsKey: true,
  },
  { id: "ollama-own", kind: "ollama", address: "http://127.0.0.1:11434", needsKey: false },
] as const satisfies readonly { id: string; kind: Kind; address: string; needsKey: boolean }[];

/** The variable that Chimera reads a provider's key from, where it did not say another one. */
export const KEY_VARIABLE = "OPENAI_API_KEY";

const VARIABLES: Partial<Record<Kind, string>> = {
  anthropic: "ANTHROPIC_API_KEY",
  gemini: "GEMINI_API_KEY",
};

/** The variable that the key of such a provider is read from. */
export function keyVariable(kind: Kind): string {
  return VARIABLES[kind] ?? KEY_VARIABLE;
}

export const REHEARSAL: ModelDraft = {
  kind: "rehearsal",
  address: "",
  worker: "",
  strong: "",
  place: "environment",
  keyName: KEY_VARIABLE,
  others: {},
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
export function usualPlace(
  keychain: Wire<"Keychain"> | undefined,
  kind: Kind = "openai-compatible",
): KeyPlaceName {
  const isSupplied = keychain?.supplied.some(({ variable }) => variable === keyVariable(kind));
  return keychain?.works === true && !isSupplied ? "keychain" : "environment";
}

export function withPlace<D extends KeyDraft>(draft: D, place: KeyPlaceName): D {
  const keyName = place === "keychain" ? keyNameOf(draft.address) : keyVariable(draft.kind);
  return { ...draft, place, keyName };
}

/** Another address has another key. */
export function withAddress<D extends KeyDraft>(draft: D, address: string): D {
  return withPlace({ ...draft, address }, draft.place);
}

/** Another kind has its own usual address, and its key where keys are kept here. */
export function withKind<D extends KeyDraft>(
  draft: D,
  kind: Kind,
  keychain: Wire<"Keychain"> | undefined,
): D {
  if (kind === draft.kind) return draft;
  const usual = PRESETS.find((preset) => preset.kind === kind);
  // Of compatible services there are many: which one is asked, and only what fits no other kind stays.
  const kept = PRESETS.some((preset) => preset.address === draft.address) ? "" : draft.address;
  const address = kind === "openai-compatible" ? kept : (usual?.address ?? draft.address);
  const isFree = kind === "ollama";
  const place = isFree
    ? "none"
    : address === kept && kept
      ? draft.place
      : usualPlace(keychain, kind);
  return withPlace({ ...draft, kind, address }, place);
}

/** A provider for one more slot, to be filled in. */
export function otherOf(kind: Kind, keychain: Wire<"Keychain"> | undefined): OtherDraft {
  const empty: OtherDraft = { ...REHEARSAL, address: "", model: "" };
  const { address, place, keyName } = withKind(empty, kind, keychain);
  return { kind, address, model: "", place, keyName };
}

export function withOther(draft: ModelDraft, slot: Slot, other: OtherDraft | null): ModelDraft {
  const others = { ...draft.others };
  delete others[slot];
  return { ...draft, others: other ? { ...others, [slot]: other } : others };
}

function placed(
  kind: Kind,
  key: Wire<"KeyPlace"> | undefined,
): Pick<KeyDraft, "place" | "keyName"> {
  const lies = key ?? { place: "none" };
  return { place: lies.place, keyName: "name" in lies ? lies.name : keyVariable(kind) };
}

const usualAddress = (kind: Kind) =>
  kind === "openai-compatible" ? "" : PRESETS.find((preset) => preset.kind === kind)?.address;

function otherDraft({ kind, base_url, model, key }: Wire<"OtherModel">): OtherDraft {
  return { kind, address: base_url ?? usualAddress(kind) ?? "", model, ...placed(kind, key) };
}

export function draftOf(settings: Wire<"ModelSettings"> | null | undefined): ModelDraft {
  if (!settings || settings.kind === "rehearsal") return REHEARSAL;
  const models = (settings.models ?? {}) as Partial<Record<Wire<"ModelRole">, string>>;
  const worker = models.worker ?? "";
  const strong = models.planner ?? models.judge ?? "";
  const others: Partial<Record<Slot | "worker", OtherDraft>> = {};
  for (const [role, other] of Object.entries(settings.others ?? {})) {
    others[role as Wire<"ModelRole">] = otherDraft(other as Wire<"OtherModel">);
  }
  if (settings.fallback) others.fallback = otherDraft(settings.fallback);
  return {
    kind: settings.kind,
    address: settings.base_url ?? usualAddress(settings.kind) ?? "",
    worker,
    strong: strong === worker ? "" : strong,
    others,
    ...placed(settings.kind, settings.key),
  };
}

function keyOf({ place, keyName }: KeyDraft): Wire<"KeyPlace"> {
  return place === "none" ? { place } : { place, name: keyName.trim() };
}

function settingsOfOther(draft: OtherDraft): Wire<"OtherModel"> {
  const { kind, address, model } = draft;
  return { kind, base_url: address.trim(), model: model.trim(), key: keyOf(draft) };
}

export function settingsOf(draft: ModelDraft): Wire<"ModelSettings"> {
  if (draft.kind === "rehearsal") return { kind: "rehearsal" };
  const [worker, strong] = [draft.worker.trim(), draft.strong.trim()];
  const { fallback, ...roles } = draft.others;
  const others = Object.entries(roles).map(([role, other]) => [role, settingsOfOther(other)]);
  return {
    kind: draft.kind,
    base_url: draft.address.trim(),
    models: { worker, ...(strong ? { planner: strong, judge: strong } : {}) },
    key: keyOf(draft),
    ...(others.length > 0 ? { others: Object.fromEntries(others) } : {}),
    ...(fallback ? { fallback: settingsOfOther(fallback) } : {}),
  };
}

const isPlaced = ({ address, place, keyName }: KeyDraft) =>
  address.trim() !== "" && (place === "none" || keyName.trim() !== "");

/** Whether enough is written to ask every provider. */
export function isWhole(draft: ModelDraft): boolean {
  if (draft.kind === "rehearsal") return true;
  const others = Object.values(draft.others);
  const areNamed = others.every((other) => isPlaced(other) && other.model.trim() !== "");
  return isPlaced(draft) && draft.worker.trim() !== "" && areNamed;
}

export function isSame(a: ModelDraft, b: ModelDraft): boolean {
  return JSON.stringify(settingsOf(a)) === JSON.stringify(settingsOf(b));
}

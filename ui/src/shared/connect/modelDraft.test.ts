import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import {
  draftOf,
  isSame,
  isWhole,
  keyNameOf,
  otherOf,
  PRESETS,
  REHEARSAL,
  settingsOf,
  usualPlace,
  withAddress,
  withKind,
  withOther,
  withPlace,
} from "./modelDraft";

const settings: Wire<"ModelSettings"> = {
  kind: "openai-compatible",
  base_url: "https://api.example/v1",
  models: { worker: "small", planner: "large", judge: "large" },
  key: { place: "keychain", name: "openai" },
};

it("gives back the settings that it was made of", () => {
  expect(settingsOf(draftOf(settings))).toEqual(settings);
  expect(settingsOf(draftOf({ kind: "rehearsal" }))).toEqual({ kind: "rehearsal" });
  expect(settingsOf(draftOf(null))).toEqual({ kind: "rehearsal" });
});

it("says one model once", () => {
  const one = { ...settings, models: { worker: "small", planner: "small" } };
  expect(settingsOf(draftOf(one)).models).toEqual({ worker: "small" });
});

it("is whole when address, model and the key's place are named", () => {
  const draft = draftOf(settings);
  expect(isWhole(draft)).toBe(true);
  expect(isWhole(REHEARSAL)).toBe(true);
  expect(isWhole({ ...draft, address: " " })).toBe(false);
  expect(isWhole({ ...draft, worker: "" })).toBe(false);
  expect(isWhole({ ...draft, keyName: "" })).toBe(false);
  expect(isWhole({ ...draft, keyName: "", place: "none" })).toBe(true);
  expect(isSame(draft, { ...draft, worker: " small " })).toBe(true);
  expect(isSame(draft, { ...draft, strong: "" })).toBe(false);
});

it("offers only addresses that the API takes", () => {
  for (const { kind, address } of PRESETS) {
    expect(new URL(address).pathname).toMatch(kind === "ollama" ? /^\/$/ : /\/v1(beta)?$/);
  }
});

it("names a key by the host that it is for, so that another host does not get it", () => {
  for (const [address, name] of [
    ["https://api.openai.com/v1", "openai"],
    ["https://openrouter.ai/api/v1", "openrouter"],
    ["https://Models.Example.org/v1", "models.example.org"],
    ["http://127.0.0.1:8080/v1", "127.0.0.1-8080"],
    ["http://[::1]:8080/v1", "1-8080"],
    ["not an address", ""],
    [`https://${"a".repeat(60)}.example.org/v1`, `${"a".repeat(60)}.exa`],
  ] as const) {
    expect(keyNameOf(address)).toBe(name);
  }
  const draft = withPlace(draftOf(settings), "keychain");
  expect(draft.keyName).toBe("api.example");
  expect(withAddress(draft, "https://other.example/v1").keyName).toBe("other.example");
  expect(withPlace(draft, "environment").keyName).toBe("OPENAI_API_KEY");
});

it("keeps a key in the keychain only where that works and nothing else supplies one", () => {
  const keychain: Wire<"Keychain"> = {
    backend: "x",
    works: true,
    survives_reboot: "yes",
    problem: null,
    keys: [],
    supplied: [],
    data: null,
  };
  const supplied = [{ name: "openai", variable: "OPENAI_API_KEY" }];
  expect(usualPlace(keychain)).toBe("keychain");
  expect(usualPlace({ ...keychain, works: false })).toBe("environment");
  expect(usualPlace({ ...keychain, supplied })).toBe("environment");
  expect(usualPlace(undefined)).toBe("environment");
});

it("gives each kind its usual address and its own variable", () => {
  const supplied = [{ name: "anthropic", variable: "ANTHROPIC_API_KEY" }];
  const keychain: Wire<"Keychain"> = {
    backend: "x",
    works: true,
    survives_reboot: "yes",
    problem: null,
    keys: [],
    supplied,
    data: null,
  };
  const anthropic = withKind(REHEARSAL, "anthropic", keychain);
  expect(anthropic).toMatchObject({
    address: "https://api.anthropic.com/v1",
    place: "environment",
    keyName: "ANTHROPIC_API_KEY",
  });
  expect(withKind(anthropic, "gemini", keychain)).toMatchObject({
    place: "keychain",
    keyName: "gemini",
  });
  expect(withKind(anthropic, "ollama", keychain)).toMatchObject({
    address: "http://127.0.0.1:11434",
    place: "none",
  });
  expect(withKind(anthropic, "openai-compatible", keychain).address).toBe("");
});

it("carries other providers for roles and one that stands in, there and back", () => {
  const other = (kind: Wire<"ModelKind">, model: string) => ({
    ...otherOf(kind, undefined),
    model,
  });
  const planned = withOther(draftOf(settings), "planner", other("anthropic", "large"));
  const whole = withOther(planned, "fallback", other("ollama", "small"));
  const sent = settingsOf(whole);
  expect(sent).toMatchObject({
    others: {
      planner: {
        kind: "anthropic",
        base_url: "https://api.anthropic.com/v1",
        model: "large",
        key: { place: "environment", name: "ANTHROPIC_API_KEY" },
      },
    },
    fallback: {
      kind: "ollama",
      base_url: "http://127.0.0.1:11434",
      model: "small",
      key: { place: "none" },
    },
  });
  expect(settingsOf(draftOf(sent))).toEqual(sent);
  expect(isWhole(whole)).toBe(true);
  expect(isWhole(withOther(whole, "fallback", other("ollama", " ")))).toBe(false);
  expect(settingsOf(withOther(planned, "planner", null))).toEqual(settings);
});

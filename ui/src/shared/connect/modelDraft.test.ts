import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import {
  draftOf,
  isSame,
  isWhole,
  keyNameOf,
  PRESETS,
  REHEARSAL,
  settingsOf,
  usualPlace,
  withAddress,
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
  for (const { address } of PRESETS) expect(new URL(address).pathname).toMatch(/\/v1$/);
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
  };
  const supplied = [{ name: "openai", variable: "OPENAI_API_KEY" }];
  expect(usualPlace(keychain)).toBe("keychain");
  expect(usualPlace({ ...keychain, works: false })).toBe("environment");
  expect(usualPlace({ ...keychain, supplied })).toBe("environment");
  expect(usualPlace(undefined)).toBe("environment");
});

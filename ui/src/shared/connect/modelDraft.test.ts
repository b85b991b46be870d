import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { draftOf, isSame, isWhole, PRESETS, REHEARSAL, settingsOf } from "./modelDraft";

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

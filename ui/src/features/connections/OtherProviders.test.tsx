import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { providers } from "@/shared/testing/providers";
import { renderRoom } from "@/shared/testing/renderRoom";
import { ConnectionsRoom } from "./ConnectionsRoom";

const role = (name: string, provider: string, model: string) => ({
  role: name,
  provider,
  model,
  rehearsal: false,
  input_per_million: null,
  output_per_million: null,
});
const settings = {
  kind: "openai-compatible",
  base_url: "http://127.0.0.1:1234/v1",
  models: { worker: "small" },
  key: { place: "none" },
  others: {
    judge: {
      kind: "ollama",
      base_url: "http://127.0.0.1:11434",
      model: "strict",
      key: { place: "none" },
    },
  },
};
const script = {
  "GET /api/v1/connections/keychain": {
    backend: "GNOME Keyring (Secret Service)",
    works: true,
    survives_reboot: "yes",
    problem: null,
    keys: [],
    supplied: [],
    data: null,
  },
  "GET /api/v1/prices": { version: 0, items: [], shipped: { as_of: "", source: "", items: [] } },
  "GET /api/v1/connections/feeds": { items: [] },
  "GET /api/v1/connections/questions": { items: [], ended: [] },
  "GET /api/v1/connections/servers": { items: [] },
  "GET /api/v1/connections/model": {
    settings,
    roles: [
      role("planner", "openai", "small"),
      role("worker", "openai", "small"),
      role("judge", "ollama", "strict"),
    ],
    fallback: {
      provider: "ollama",
      model: "spare",
      input_per_million: null,
      output_per_million: null,
      interruption: null,
    },
    providers,
  },
};

async function choose(within_: HTMLElement, label: string, option: string) {
  await userEvent.click(within(within_).getByRole("combobox", { name: label }));
  await userEvent.click(await screen.findByRole("option", { name: option }));
}

it("names each role's provider where they differ, and what stands in", async () => {
  await renderRoom(<ConnectionsRoom />, script);
  await screen.findByText("ollama/strict");
  expect(screen.getAllByText("openai/small")).toHaveLength(2);
  expect(screen.getByText("Stands in")).toBeDefined();
  expect(screen.getByText("ollama/spare")).toBeDefined();
});

it("gives a role to another provider with its own key, and lets a model here stand in", async () => {
  const { backend } = await renderRoom(<ConnectionsRoom />, {
    ...script,
    "POST /api/v1/connections/keys": {
      name: "anthropic",
      stored_by: "Inga Reuter",
      stored_at: "2026-05-21T08:00:00Z",
    },
    "PUT /api/v1/connections/model": script["GET /api/v1/connections/model"],
  });
  await userEvent.click(await screen.findByRole("button", { name: "Change" }));
  const dialog = await screen.findByRole("dialog");
  await choose(dialog, "Judges", "The provider above");
  await choose(dialog, "Plans", "Anthropic");
  const use = () =>
    within(dialog).getByRole("button", { name: "Use it untested" }) as HTMLButtonElement;
  expect(use().disabled).toBe(true);
  await userEvent.type(within(dialog).getByLabelText("Plans: model"), "large");
  expect(use().disabled).toBe(true);
  await userEvent.type(within(dialog).getByLabelText("Key"), "fake-key");
  await choose(dialog, "Stands in", "Ollama");
  await userEvent.type(within(dialog).getByLabelText("Stands in: model"), "spare");
  await userEvent.click(use());
  expect(backend.writes.map(({ body }) => body)).toEqual([
    { name: "anthropic", key: "fake-key" },
    {
      kind: "openai-compatible",
      base_url: "http://127.0.0.1:1234/v1",
      models: { worker: "small" },
      key: { place: "none" },
      others: {
        planner: {
          kind: "anthropic",
          base_url: "https://api.anthropic.com/v1",
          model: "large",
          key: { place: "keychain", name: "anthropic" },
        },
      },
      fallback: {
        kind: "ollama",
        base_url: "http://127.0.0.1:11434",
        model: "spare",
        key: { place: "none" },
      },
    },
  ]);
});

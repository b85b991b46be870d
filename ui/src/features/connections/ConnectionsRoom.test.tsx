import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { providers } from "@/shared/testing/providers";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { ConnectionsRoom } from "./ConnectionsRoom";

const answering = (rehearsal: boolean) =>
  ["planner", "worker", "judge"].map((role) => ({
    role,
    provider: rehearsal ? "rehearsal" : "openai",
    model: rehearsal ? "rehearsal-1" : "small",
    rehearsal,
    input_per_million: rehearsal ? "0" : null,
    output_per_million: rehearsal ? "0" : null,
  }));
const feed = {
  id: "f1",
  url: "https://brew.example/rss",
  title: "Brew\u202enews",
  added_by: "u1",
  added_at: "2026-05-21T08:00:00Z",
};
const keychain = {
  backend: "GNOME Keyring (Secret Service)",
  works: true,
  survives_reboot: "yes",
  problem: null,
  keys: [],
  supplied: [],
  data: null,
};
const stored = { name: "openai", stored_by: "Inga Reuter", stored_at: "2026-05-21T08:00:00Z" };
const script = {
  "GET /api/v1/connections/keychain": keychain,
  "GET /api/v1/connections/registry": { items: [] },
  "GET /api/v1/prices": { version: 0, items: [], shipped: { as_of: "", source: "", items: [] } },
  "GET /api/v1/connections/model": { settings: null, roles: answering(true), providers },
  "GET /api/v1/connections/feeds": { items: [feed] },
  "GET /api/v1/connections/questions": { items: [], ended: [] },
  "GET /api/v1/connections/servers": {
    items: [
      {
        name: "feeds",
        transport: "in-process",
        connected: true,
        protocol: "2026-07-28",
        tools: 1,
        problem: null,
        interruption: null,
        group: null,
        under_way: 0,
        stood_in: 0,
        running: [],
      },
      {
        name: "shop",
        transport: "stdio",
        connected: false,
        protocol: null,
        tools: 0,
        problem: {
          class: "transient",
          code: "SERVER_GONE",
          message: "The program ended. Nothing was called.",
          retry_after_ms: 4_200,
        },
        interruption: null,
        group: null,
        under_way: 0,
        stood_in: 0,
        running: [],
      },
    ],
  },
  "GET /api/v1/connections/tools": {
    items: [
      {
        server: "feeds",
        tool: "fetch_feed",
        description: "Reads a feed.",
        effect: "read",
        input_schema: {},
        output_schema: null,
        schema_hash: `sha256:${"ab".repeat(32)}`,
      },
    ],
  },
};

it("says that the rehearsal is not an AI, and what leaves when an AI answers", async () => {
  const { backend } = await renderRoom(<ConnectionsRoom />, script);
  await screen.findByText("The rehearsal model answers");
  expect(screen.getByText("Not an AI")).toBeDefined();
  backend.now({
    "GET /api/v1/connections/model": {
      settings: {
        kind: "openai-compatible",
        base_url: "https://api.example/v1",
        models: { worker: "small" },
        key: { place: "environment", name: "OPENAI_API_KEY" },
      },
      roles: answering(false),
      providers,
    },
  });
  backend.fact({ type: "settings_changed", area: "connections" });
  await screen.findByText("openai answers");
  expect(screen.getByText(/is sent to https:\/\/api\.example\/v1/)).toBeDefined();
  expect(screen.getAllByText("not known")).toHaveLength(answering(false).length);
  expect(screen.getByText("in the environment, as OPENAI_API_KEY")).toBeDefined();
});

it("switches only when something changed, and keeps the dialog open when that fails", async () => {
  const { backend } = await renderRoom(<ConnectionsRoom />, {
    ...script,
    "PUT /api/v1/connections/model": refuse("MODEL_UNAVAILABLE", "OPENAI_API_KEY is not set."),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Change" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("radio", { name: /OpenAI/ }));
  const use = () => within(dialog).getByRole("button", { name: "Use it untested" });
  expect((use() as HTMLButtonElement).disabled).toBe(true);
  await userEvent.click(within(dialog).getByRole("button", { name: "Ollama, here" }));
  await userEvent.type(within(dialog).getByLabelText("Model that writes"), "llama");
  await userEvent.click(use());
  expect((await within(dialog).findByRole("alert")).textContent).toContain("is not set");
  expect(backend.writes[0]?.body).toEqual({
    kind: "openai-compatible",
    base_url: "http://127.0.0.1:11434/v1",
    models: { worker: "llama" },
    key: { place: "none" },
  });
});

it("stores a typed key before it asks the provider, and names only where it is kept", async () => {
  const { backend } = await renderRoom(<ConnectionsRoom />, {
    ...script,
    "POST /api/v1/connections/keys": stored,
    "POST /api/v1/connections/model/test": {
      ok: true,
      message: "small answered: ready",
      took_ms: 3,
      problem: null,
    },
  });
  await screen.findByText(/survive a restart\.$/);
  await userEvent.click(screen.getByRole("button", { name: "Change" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("radio", { name: /OpenAI/ }));
  await userEvent.click(within(dialog).getByRole("button", { name: "OpenAI" }));
  await userEvent.type(within(dialog).getByLabelText("Model that writes"), "small");
  expect((within(dialog).getByRole("button", { name: "Test" }) as HTMLButtonElement).disabled).toBe(
    true,
  );
  const box = within(dialog).getByLabelText("Key") as HTMLInputElement;
  expect(box.type).toBe("password");
  within(dialog).getByText(
    /^Stored in GNOME Keyring \(Secret Service\) on this machine; survives a restart\./,
  );
  await userEvent.type(box, " fake-key ");
  await userEvent.click(within(dialog).getByRole("button", { name: "Store the key and test" }));
  await within(dialog).findByText("It answers");
  expect(box.value).toBe("");
  const settings = {
    kind: "openai-compatible",
    base_url: "https://api.openai.com/v1",
    models: { worker: "small" },
    key: { place: "keychain", name: "openai" },
  };
  expect(backend.writes.map(({ body }) => body)).toEqual([
    { name: "openai", key: "fake-key" },
    settings,
  ]);
});

it("asks no provider with a key that the keychain did not take", async () => {
  const { backend } = await renderRoom(<ConnectionsRoom />, {
    ...script,
    "POST /api/v1/connections/keys": refuse("KEYCHAIN_LOCKED", "The keychain is locked."),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Change" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("radio", { name: /OpenAI/ }));
  await userEvent.type(
    within(dialog).getByLabelText("Address of the API"),
    "https://api.example:8443/v1",
  );
  await userEvent.type(within(dialog).getByLabelText("Model that writes"), "small");
  await userEvent.type(within(dialog).getByLabelText("Key"), "fake-key");
  await userEvent.click(within(dialog).getByRole("button", { name: "Store the key and test" }));
  expect((await within(dialog).findByRole("alert")).textContent).toContain("is locked");
  expect(backend.writes.map(({ body }) => body)).toEqual([
    { name: "api.example-8443", key: "fake-key" },
  ]);
});

it("says what is wrong with the keychain, names the other way, and tries it out again", async () => {
  const problem = {
    class: "permanent",
    code: "KEYCHAIN_MISSING",
    message: "This machine offers no keychain.",
    retry_after_ms: null,
  };
  const { backend } = await renderRoom(<ConnectionsRoom />, {
    ...script,
    "GET /api/v1/connections/keychain": {
      ...keychain,
      backend: "Secret Service",
      works: false,
      survives_reboot: "unknown",
      problem,
      supplied: [{ name: "openai", variable: "OPENAI_API_KEY" }],
    },
    "POST /api/v1/connections/keychain/test": keychain,
  });
  await screen.findByText(/never kept in a plain file instead\. .* set OPENAI_API_KEY where/);
  expect(screen.getByText("This machine offers no keychain.")).toBeDefined();
  expect(screen.getByText("does not work")).toBeDefined();
  expect(screen.getByText(/from the environment, as OPENAI_API_KEY/)).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Change" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("radio", { name: /OpenAI/ }));
  within(dialog).getByText("OPENAI_API_KEY is set where Chimera was started.");
  expect(within(dialog).queryByLabelText("Key")).toBeNull();
  await userEvent.keyboard("{Escape}");
  backend.now({ "GET /api/v1/connections/keychain": keychain });
  await userEvent.click(await screen.findByRole("button", { name: "Test the keychain" }));
  await screen.findByText("works");
});

it("says how the data lies on the disk, and what keeps it readable", async () => {
  const shown = async (data: object) => {
    await renderRoom(<ConnectionsRoom />, {
      ...script,
      "GET /api/v1/connections/keychain": { ...keychain, data },
    });
    const words = (await screen.findByText("Data on this disk")).parentElement?.textContent;
    cleanup();
    return words;
  };
  expect(await shown({ form: "encrypted", variable: null })).toMatch(
    /Encrypted.*chimerad key export/,
  );
  expect(await shown({ form: "encrypted", variable: "DATA_ENCRYPTION_KEY" })).toContain(
    "Its key comes from DATA_ENCRYPTION_KEY.",
  );
  expect(await shown({ form: "plain", why: "it was made without encryption" })).toMatch(
    /Not encrypted.*it was made without encryption/,
  );
});

it("replaces and removes a key, and says what follows where it is in use", async () => {
  const { backend } = await renderRoom(<ConnectionsRoom />, {
    ...script,
    "GET /api/v1/connections/keychain": { ...keychain, keys: [stored] },
    "GET /api/v1/connections/model": {
      settings: {
        kind: "openai-compatible",
        base_url: "https://api.openai.com/v1",
        models: { worker: "small" },
        key: { place: "keychain", name: "openai" },
      },
      roles: answering(false),
      providers,
    },
    "GET /api/v1/connections/feeds": { items: [] },
    "POST /api/v1/connections/keys": stored,
    "DELETE /api/v1/connections/keys/{key}": null,
  });
  await screen.findByText("Key for OpenAI");
  await userEvent.click(screen.getByRole("button", { name: "Replace" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("New key"), "fake-other{Enter}");
  await waitFor(() => expect(screen.queryByLabelText("New key")).toBeNull());
  expect(backend.writes.at(-1)?.body).toEqual({ name: "openai", key: "fake-other" });
  await userEvent.click(screen.getByRole("button", { name: "Remove" }));
  const ask = await screen.findByRole("dialog", { name: "Remove the key for OpenAI?" });
  within(ask).getByText(/answers nothing more until it has another/);
  await userEvent.click(within(ask).getByRole("button", { name: "Remove" }));
  await waitFor(() =>
    expect(backend.writes.at(-1)).toMatchObject({ method: "DELETE", path: { key: "openai" } }),
  );
});

it("asks a server whether it answers, and says what came back", async () => {
  const { backend } = await renderRoom(<ConnectionsRoom />, {
    ...script,
    "POST /api/v1/connections/servers/{server}/test": {
      ok: true,
      message: "feeds answered and lists 1 tool. None was called.",
      took_ms: 4,
      problem: null,
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Test feeds" }));
  expect((await screen.findByText(/feeds answered and lists 1 tool/)).textContent).toBeDefined();
  expect(backend.writes.at(-1)).toMatchObject({ method: "POST", path: { server: "feeds" } });
  backend.now({
    "POST /api/v1/connections/servers/{server}/test": {
      ok: false,
      message: "shop gave no usable answer. No tool was called.",
      took_ms: 10_000,
      problem: "listing its tools gave no answer within 10000 ms",
    },
  });
  await userEvent.click(screen.getByRole("button", { name: "Test shop" }));
  const said = await screen.findByText(/shop gave no usable answer\. No tool was called\./);
  expect(said.textContent).toContain("within 10000 ms");
});

it("shows what is wrong with a server, and what its tools do by Chimera's list", async () => {
  await renderRoom(<ConnectionsRoom />, script);
  await screen.findByText(/The program ended\. Nothing was called\. Next try in 5 s\./);
  await userEvent.click(screen.getByRole("button", { name: /^feeds/ }));
  await screen.findByText("fetch_feed");
  expect(screen.getByText("reads")).toBeDefined();
  expect(screen.getByText(/is set by Chimera's own list/)).toBeDefined();
});

it("reads a feed once before it is connected, and shows hidden signs in its name", async () => {
  const { backend } = await renderRoom(<ConnectionsRoom />, {
    ...script,
    "POST /api/v1/connections/feeds/test": {
      ok: false,
      title: null,
      items: [],
      warnings: [],
      took_ms: 12,
      problem: "The server answered 404.",
    },
    "POST /api/v1/connections/feeds": refuse("FEED_UNREADABLE", "The server answered 404."),
    "DELETE /api/v1/connections/feeds/{feed}": null,
  });
  expect(await screen.findAllByText("U+202E")).not.toHaveLength(0);
  await userEvent.click(screen.getByRole("button", { name: "Add a feed" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(
    within(dialog).getByLabelText("Address of the feed"),
    "https://gone.example/rss",
  );
  await userEvent.click(within(dialog).getByRole("button", { name: "Read it once" }));
  await within(dialog).findByText("The server answered 404.");
  await userEvent.click(within(dialog).getByRole("button", { name: "Connect" }));
  await within(dialog).findByRole("alert");
  await userEvent.keyboard("{Escape}");
  await userEvent.click(screen.getByRole("button", { name: "Remove" }));
  const ask = await screen.findByRole("dialog");
  await userEvent.click(within(ask).getByRole("button", { name: "Remove" }));
  await waitFor(() =>
    expect(backend.writes.at(-1)).toMatchObject({ method: "DELETE", path: { feed: "f1" } }),
  );
});

it("leaves what all workspaces share to the first one", async () => {
  const may = OWNER.may.filter((group) => group !== "installation");
  await renderRoom(<ConnectionsRoom />, script, { me: { ...OWNER, may } });
  await screen.findByText(/one for all workspaces/);
  expect(screen.queryByRole("button", { name: "Change" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Enter prices" })).toBeNull();
  expect(screen.getByRole("button", { name: "Add a feed" })).toBeDefined();
});

it("changes nothing for those who may only look", async () => {
  const may = OWNER.may.filter((group) => !["connection_write", "installation"].includes(group));
  await renderRoom(<ConnectionsRoom />, script, { me: { ...OWNER, may } });
  await screen.findByText(/one for all workspaces/);
  expect(screen.queryByRole("button", { name: "Change" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Add a feed" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Remove" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Test the keychain" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Test feeds" })).toBeNull();
});

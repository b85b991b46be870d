import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { providers } from "@/shared/testing/providers";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { StartRoom } from "./StartRoom";
import { WelcomeRoom } from "./WelcomeRoom";

const setup = { needs_owner: true, version: "0.1.0", providers, password_min_chars: 12 };
const role = {
  provider: "rehearsal",
  model: "rehearsal-1",
  rehearsal: true,
  input_per_million: "0",
  output_per_million: "0",
};
const model = {
  settings: null,
  roles: ["planner", "worker", "judge"].map((name) => ({ ...role, role: name })),
  providers,
};
const persona = {
  agent: "0199f1c2-0000-7000-8000-0000000000a1",
  name: "Mara Voss",
  initials: "MV",
  role: null,
  number: 1,
  control: "running",
  updated_at: "2026-05-21T08:00:00Z",
  voice_traits: [],
};
const feed = {
  id: "0199f1c2-0000-7000-8000-0000000000f1",
  url: "/data/sample/feed.xml",
  title: "Sample feed",
  added_by: OWNER.user.id,
  added_at: "2026-05-21T08:00:00Z",
};
const welcome = {
  "GET /api/v1/setup": { ...setup, needs_owner: false },
  "GET /api/v1/connections/model": model,
  "GET /api/v1/connections/feeds": { items: [feed] },
  "GET /api/v1/personas": { items: [persona], next: null },
};

describe("the first screen", () => {
  it("asks for an owner, and takes no password that the API would refuse", async () => {
    const { backend, address } = await renderRoom(<StartRoom />, {
      "GET /api/v1/setup": setup,
      "POST /api/v1/setup": { me: OWNER, token: "t", starter_agent: persona.agent },
    });
    await userEvent.type(await screen.findByLabelText("Name"), "Inga Reuter");
    await userEvent.type(screen.getByLabelText("E-mail address"), "inga@halden.example");
    await userEvent.type(screen.getByLabelText("Password"), "too short{Enter}");
    expect(screen.getByText("3 more characters; at least 12.")).toBeDefined();
    expect(backend.writes).toEqual([]);
    await userEvent.type(screen.getByLabelText("Password"), " no more{Enter}");
    await waitFor(() => expect(backend.writes).toHaveLength(1));
    expect(backend.writes[0]?.body).toEqual({
      name: "Inga Reuter",
      email: "inga@halden.example",
      password: "too short no more",
      starter_agent: true,
    });
    expect(address()).toBe("/welcome");
  });

  it("signs in where there is an owner, and says why not", async () => {
    const { backend } = await renderRoom(<StartRoom />, {
      "GET /api/v1/setup": { ...setup, needs_owner: false },
      "POST /api/v1/session": refuse("SIGN_IN_FAILED"),
    });
    await userEvent.type(await screen.findByLabelText("E-mail address"), "inga@halden.example");
    await userEvent.type(screen.getByLabelText("Password"), "wrong{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("There is no account");
    expect(backend.writes[0]?.body).toEqual({
      email: "inga@halden.example",
      password: "wrong",
      label: "browser",
    });
  });

  it("says that the backend cannot be reached, and tries again", async () => {
    const { backend } = await renderRoom(<StartRoom />, {
      "GET /api/v1/setup": refuse("UNAVAILABLE"),
    });
    await screen.findByRole("alert");
    backend.now({ "GET /api/v1/setup": { ...setup, needs_owner: false } });
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { name: "Sign in" });
  });
});

describe("the steps after it", () => {
  it("lead from the rehearsal to a campaign with a plan", async () => {
    const { backend, address } = await renderRoom(<WelcomeRoom />, {
      ...welcome,
      "PUT /api/v1/connections/model": model,
      "POST /api/v1/campaigns": { id: "c1" },
      "POST /api/v1/campaigns/{campaign}/plan": {},
    });
    await userEvent.click(await screen.findByRole("button", { name: "Go on with the rehearsal" }));
    const [example] = await screen.findAllByRole("button", { name: /exact number/ });
    await userEvent.click(example as HTMLElement);
    await userEvent.click(screen.getByRole("button", { name: /^Make a plan/ }));
    await waitFor(() => expect(address()).toBe("/campaigns/c1/plan"));
    expect(backend.writes.map(({ endpoint }) => endpoint)).toEqual([
      "/api/v1/connections/model",
      "/api/v1/campaigns",
      "/api/v1/campaigns/{campaign}/plan",
    ]);
    expect(backend.writes[0]?.body).toEqual({ kind: "rehearsal" });
    expect(backend.writes[1]?.body).toMatchObject({ agent: persona.agent, feeds: [feed.url] });
  });

  it("keep the draft when planning fails, and do not make a second one", async () => {
    const { backend, address } = await renderRoom(<WelcomeRoom />, {
      ...welcome,
      "PUT /api/v1/connections/model": model,
      "POST /api/v1/campaigns": { id: "c1" },
      "POST /api/v1/campaigns/{campaign}/plan": refuse("PLANNING_FAILED", "The model is busy."),
    });
    await userEvent.click(await screen.findByRole("button", { name: "Go on with the rehearsal" }));
    await userEvent.type(await screen.findByLabelText("Goal, in plain words"), "A goal of mine");
    await userEvent.click(screen.getByRole("button", { name: /^Make a plan/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("The model is busy.");
    backend.now({ "POST /api/v1/campaigns/{campaign}/plan": {} });
    await userEvent.click(screen.getByRole("button", { name: /^Make a plan/ }));
    await waitFor(() => expect(address()).toBe("/campaigns/c1/plan"));
    const made = backend.writes.filter(({ endpoint }) => endpoint === "/api/v1/campaigns");
    expect(made).toHaveLength(1);
  });

  it("take a provider only once it answered", async () => {
    const { backend } = await renderRoom(<WelcomeRoom />, {
      ...welcome,
      "POST /api/v1/connections/model/test": {
        ok: false,
        message: "The provider gave no usable answer.",
        problem: "OPENAI_API_KEY is not set.",
        took_ms: 3,
      },
      "PUT /api/v1/connections/model": model,
    });
    await userEvent.click(await screen.findByRole("radio", { name: /OpenAI/ }));
    await userEvent.click(screen.getByRole("button", { name: "OpenAI" }));
    await userEvent.type(screen.getByLabelText("Model that writes"), "small");
    await userEvent.click(screen.getByRole("button", { name: "Test" }));
    await screen.findByText("OPENAI_API_KEY is not set.");
    expect(screen.queryByRole("button", { name: "Use this provider" })).toBeNull();
    const settings = {
      kind: "openai-compatible",
      base_url: "https://api.openai.com/v1",
      models: { worker: "small" },
      key: { place: "environment", name: "OPENAI_API_KEY" },
    };
    expect(backend.writes.map(({ body }) => body)).toEqual([settings]);
    backend.now({
      "POST /api/v1/connections/model/test": {
        ok: true,
        message: "small answered: ready",
        problem: null,
        took_ms: 9,
      },
    });
    await userEvent.click(screen.getByRole("button", { name: "Test" }));
    await userEvent.click(await screen.findByRole("button", { name: "Use this provider" }));
    await screen.findByLabelText("Goal, in plain words");
    expect(backend.writes.at(-1)).toMatchObject({ method: "PUT", body: settings });
  });

  it("take a key into the keychain before the provider is asked", async () => {
    const { backend } = await renderRoom(<WelcomeRoom />, {
      ...welcome,
      "GET /api/v1/connections/keychain": {
        backend: "GNOME Keyring (Secret Service)",
        works: true,
        survives_reboot: "yes",
        problem: null,
        keys: [],
        supplied: [],
        data: null,
      },
      "POST /api/v1/connections/keys": {
        name: "openrouter",
        stored_by: "Inga Reuter",
        stored_at: "2026-05-21T08:00:00Z",
      },
      "POST /api/v1/connections/model/test": {
        ok: true,
        message: "small answered: ready",
        problem: null,
        took_ms: 9,
      },
    });
    await userEvent.click(await screen.findByRole("radio", { name: /OpenAI/ }));
    await userEvent.click(screen.getByRole("button", { name: "OpenRouter" }));
    await userEvent.type(screen.getByLabelText("Model that writes"), "small");
    await userEvent.type(screen.getByLabelText("Key"), "fake-key{Enter}");
    await screen.findByRole("button", { name: "Use this provider" });
    expect(backend.writes.map(({ endpoint, body }) => [endpoint, body])).toEqual([
      ["/api/v1/connections/keys", { name: "openrouter", key: "fake-key" }],
      [
        "/api/v1/connections/model/test",
        {
          kind: "openai-compatible",
          base_url: "https://openrouter.ai/api/v1",
          models: { worker: "small" },
          key: { place: "keychain", name: "openrouter" },
        },
      ],
    ]);
  });
});

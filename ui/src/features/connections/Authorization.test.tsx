import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { renderRoom } from "@/shared/testing/renderRoom";
import { isPage, secretName } from "./registry/Authorize";
import { Servers } from "./Servers";

const digest = `sha256:${"ab".repeat(32)}`;
const NEEDED = {
  state: "needed",
  waits_until: null as string | null,
  issuer: null as string | null,
  scopes: ["read\u202e"],
  until: null as string | null,
  renews: false,
  problem: null as unknown,
  client: null as unknown,
  given_by: null as string | null,
  given_at: null as string | null,
};
const GIVEN = {
  ...NEEDED,
  state: "authorized",
  issuer: "https://auth.example",
  scopes: ["read"],
  until: "2026-05-21T09:00:00Z",
  renews: true,
  given_by: "Inga Reuter",
  given_at: "2026-05-21T08:00:00Z",
};
const fault = (code: string, message: string) => ({
  class: "permanent",
  code,
  message,
  retry_after_ms: null,
});
const server = {
  name: "ledger",
  version: 3,
  enabled: true,
  standing: "trusted",
  program: { url: "https://ledger.example/mcp", headers: {} },
  launch: {
    digest,
    address: "https://ledger.example/mcp",
    command: "",
    args: [],
    cwd: null,
    variables: {},
    secrets: [],
  },
  problem: null,
  trust: null,
  documentation_url: null,
  group: null,
  told: null,
  required_version: null,
  held: 0,
  changed_at: "2026-05-21T08:00:00Z",
};
const row = {
  name: "ledger",
  transport: "http",
  connected: false,
  protocol: null,
  tools: 0,
  problem: fault("MCP_AUTHORIZATION_NEEDED", "It wants a person.") as unknown,
  interruption: null,
  group: null,
  under_way: 0,
  stood_in: 0,
  running: [],
};
const AUTHORIZATION = "/api/v1/connections/registry/{server}/authorization";
const ADDRESS = "https://auth.example/authorize?state=abc";

/** A backend whose server stands as `now` says. */
function script(now: { standing: object; row?: object }) {
  return {
    "GET /api/v1/connections/servers": () => ({ items: [{ ...row, ...now.row }] }),
    "GET /api/v1/connections/registry": () => ({
      items: [{ ...server, authorization: now.standing }],
    }),
    "GET /api/v1/connections/registry/{server}": () => ({
      server: { ...server, authorization: now.standing },
      tools: [],
      quarantine: null,
      editions: [],
      former: null,
      last_words: [],
    }),
    "GET /api/v1/connections/registry/{server}/offer": {
      connected: false,
      resources: [],
      templates: [],
      prompts: [],
      left_out: [],
    },
    [`POST ${AUTHORIZATION}`]: () => {
      now.standing = { ...now.standing, waits_until: "2026-05-21T08:10:00Z" };
      return { address: ADDRESS, until: "2026-05-21T08:10:00Z" };
    },
    [`DELETE ${AUTHORIZATION}`]: () => {
      now.standing = NEEDED;
      return { ...server, authorization: NEEDED };
    },
    "POST /api/v1/connections/keys": {
      name: "oauth-client.ledger",
      stored_by: "Inga Reuter",
      stored_at: "2026-05-21T08:00:00Z",
    },
  };
}

/** It is looked again every second. */
const LONG = { timeout: 10_000 };

it("keeps the secret of a client first, opens a page that cannot reach back, and says when it is done", async () => {
  const now: { standing: object; row?: object } = { standing: NEEDED };
  const { backend } = await renderRoom(<Servers />, script(now));
  await userEvent.click(await screen.findByRole("button", { name: "Authorize ledger" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("Client id"), "ours");
  await userEvent.type(within(dialog).getByLabelText("Client secret"), "hush");
  await userEvent.click(within(dialog).getByRole("button", { name: "Go on" }));
  const link = await within(dialog).findByRole("link", { name: "Open the page" });
  expect([
    link.getAttribute("href"),
    link.getAttribute("target"),
    link.getAttribute("rel"),
  ]).toEqual([ADDRESS, "_blank", "noopener noreferrer"]);
  expect(backend.writes.map(({ body }) => body)).toEqual([
    { name: "oauth-client.ledger", key: "hush" },
    { client: { id: "ours", secret: "oauth-client.ledger" } },
  ]);
  // Seen to wait, then given: also once nothing asks for it any more.
  await screen.findByText(/Chimera waits for you/, undefined, LONG);
  now.standing = GIVEN;
  now.row = { connected: true, problem: null };
  await within(dialog).findByText(/^Authorized\./, undefined, LONG);
  await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
}, 20_000);

it("says why it ended, what is asked for with what hides in it, and why nothing was begun", async () => {
  const ended = { ...NEEDED, state: "ended", problem: fault("OAUTH_DENIED", "She\u200b said no.") };
  const now = { standing: NEEDED as object };
  await renderRoom(<Servers />, {
    ...script(now),
    [`POST ${AUTHORIZATION}`]: refuse(
      "KEYCHAIN_LOCKED",
      "The keychain is locked. Nothing was begun.",
    ),
  });
  await userEvent.click(await screen.findByRole("button", { name: /^ledger/ }));
  const card = await screen.findByRole("region", { name: "Authorization" });
  expect(within(card).getByText("needed")).toBeDefined();
  expect(within(card).getByText("U+202E")).toBeDefined();
  await userEvent.click(within(card).getByRole("button", { name: "Authorize…" }));
  await userEvent.click(await screen.findByRole("button", { name: "Go on" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Nothing was begun.");
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  now.standing = ended;
  await within(card).findByText("OAUTH_DENIED", undefined, LONG);
  expect(within(card).getByText("U+200B")).toBeDefined();
}, 20_000);

it("shows until when and by whom, and forgets it only after it was asked again", async () => {
  const unkept = { ...GIVEN, problem: fault("KEYCHAIN_LOCKED", "It is locked.") };
  const { backend } = await renderRoom(
    <Servers />,
    script({ standing: unkept, row: { connected: true, problem: null } }),
  );
  await userEvent.click(await screen.findByRole("button", { name: /^ledger/ }));
  const card = await screen.findByRole("region", { name: "Authorization" });
  for (const words of ["authorized", "https://auth.example", /renewed by itself/, /Inga Reuter/]) {
    expect(within(card).getByText(words)).toBeDefined();
  }
  expect(within(card).getByText(/It holds only until Chimera stops/)).toBeDefined();
  await userEvent.click(within(card).getByRole("button", { name: "Forget the authorization" }));
  expect(backend.writes).toEqual([]);
  const asked = await screen.findByText(/Whoever gave them is not told/);
  const dialog = asked.closest("[role=dialog],[role=alertdialog]") as HTMLElement;
  await userEvent.click(within(dialog).getByRole("button", { name: "Forget the authorization" }));
  await within(card).findByText("needed", undefined, LONG);
  expect(backend.writes.map(({ endpoint }) => endpoint)).toEqual([AUTHORIZATION]);
});

it("makes a link of nothing but a page, and names a key as keys are named", () => {
  expect(["https://a.example/x", "http://127.0.0.1:1/x"].map(isPage)).toEqual([true, true]);
  expect(["javascript:alert(1)", " https://a", "file:///x", ""].map(isPage)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(secretName("My.Server_1")).toBe("oauth-client.my.server_1");
  expect(secretName("x".repeat(64)).length).toBe(64);
});

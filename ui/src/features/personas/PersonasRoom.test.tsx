import { EditorView } from "@codemirror/view";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { refuse, type Script } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { PersonasRoom } from "./PersonasRoom";

let agents = 0;
/** Each test its own: drafts are kept by agent. */
function newAgent(): string {
  agents += 1;
  return `0199f1c2-0000-7000-8000-${String(agents).padStart(12, "0")}`;
}

function personaOf(agent: string, number: number, source: string): Wire<"Persona"> {
  return {
    agent,
    author: "Jonas Weber",
    created_at: "2026-05-21T08:00:00Z",
    current: number,
    digest: "sha256:00",
    fields: {
      name: "Mara Voss",
      id: "mara-voss",
      role: "Columnist",
      voice_traits: ["precise"],
      directives: [],
      values: [],
      lexicon: [],
      forbidden: [],
      forbidden_topics: [],
      skills: [],
      backstory: "Grew up above a repair shop.",
    },
    initials: "MV",
    number,
    soul_link: "mara/SOUL.md",
    source,
    version: `row${number}`,
  };
}

const LINT = "POST /api/v1/personas/lint";
const ONE = "GET /api/v1/personas/{agent}";

function script(agent: string, changes: Script = {}): Script {
  return {
    [ONE]: personaOf(agent, 1, "one"),
    "GET /api/v1/personas/{agent}/versions": { items: [] },
    [LINT]: { valid: true, diagnostics: [] },
    ...changes,
  };
}

async function editor(): Promise<EditorView> {
  return waitFor(() => {
    const view = EditorView.findFromDOM(screen.getByRole("textbox", { name: "SOUL.md" }));
    if (!view) throw new Error("no editor yet");
    return view;
  });
}

async function write(text: string): Promise<void> {
  const view = await editor();
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  await screen.findByText("not saved");
}

const saves = (room: { backend: { writes: readonly { endpoint: string }[] } }) =>
  room.backend.writes.filter(({ endpoint }) => endpoint !== "/api/v1/personas/lint");

describe("the personas' room", () => {
  it("shows who there is, and who may write gets a way to write another", async () => {
    const row = { ...personaOf(newAgent(), 3, ""), ...{ name: "Mara Voss", role: "Columnist" } };
    const rows = { items: [{ ...row, voice_traits: ["dry"], control: "paused" }], next: null };
    await renderRoom(<PersonasRoom agent={null} />, { "GET /api/v1/personas": rows });
    await screen.findByText("Mara Voss");
    expect(screen.getByText("v3")).not.toBeNull();
    expect(screen.getByText("paused")).not.toBeNull();
    expect(screen.getByRole("link", { name: "New persona" })).not.toBeNull();
  });

  it("saves what was written over the version that was read", async () => {
    const agent = newAgent();
    const room = await renderRoom(<PersonasRoom agent={agent} />, script(agent));
    await write("mine");
    room.backend.now({
      "PUT /api/v1/personas/{agent}": personaOf(agent, 2, "mine"),
      [ONE]: personaOf(agent, 2, "mine"),
    });
    await userEvent.keyboard("{Control>}s{/Control}");
    await screen.findByText("Saved as version 2");
    expect(saves(room)).toMatchObject([
      { headers: { "if-match": '"row1"' }, body: { soul: "mine" }, path: { agent } },
    ]);
    await waitFor(() => expect(screen.queryByText("not saved")).toBeNull());
  });

  it("changes one field by its form, and takes the text that the backend makes of it", async () => {
    const agent = newAgent();
    const { fields } = personaOf(agent, 1, "one");
    const room = await renderRoom(
      <PersonasRoom agent={agent} />,
      script(agent, {
        [LINT]: { valid: true, fields, diagnostics: [] },
        "POST /api/v1/personas/edit-field": { soul: "edited" },
      }),
    );
    const change = await screen.findByRole("button", { name: "Change: Voice" });
    await waitFor(() => expect(change.hasAttribute("disabled")).toBe(false));
    await userEvent.click(change);
    const field = screen.getByRole("textbox", { name: "Voice" });
    expect((field as HTMLTextAreaElement).value).toBe("precise");
    await userEvent.type(field, "{Enter} dry {Enter}");
    await userEvent.click(screen.getByRole("button", { name: "Put it into the text" }));
    await screen.findByText("not saved");
    expect((await editor()).state.doc.toString()).toBe("edited");
    expect(saves(room)).toMatchObject([
      { body: { soul: "one", field: "voice_traits", value: ["precise", "dry"] } },
    ]);
  });

  it("does not save what has errors, and says where they are", async () => {
    const agent = newAgent();
    const problem = {
      code: "UNKNOWN_KEY",
      line: 1,
      column: 1,
      severity: "error",
      message: "'nam' is not a key",
      fix: "did you mean 'name'?",
    };
    const room = await renderRoom(
      <PersonasRoom agent={agent} />,
      script(agent, { [LINT]: { valid: false, diagnostics: [problem] } }),
    );
    await write("nam: x");
    await userEvent.click(await screen.findByRole("tab", { name: /Problems/ }));
    await screen.findByText("did you mean 'name'?");
    const save = screen.getByRole("button", { name: /Save as v2/ });
    await waitFor(() => expect(save.hasAttribute("disabled")).toBe(true));
    await userEvent.keyboard("{Control>}s{/Control}");
    expect(saves(room)).toEqual([]);
  });

  it("keeps what was written when somebody else saves first, and puts it on top if told to", async () => {
    const agent = newAgent();
    const room = await renderRoom(<PersonasRoom agent={agent} />, script(agent));
    await write("mine");
    room.backend.now({ [ONE]: personaOf(agent, 2, "theirs") });
    room.backend.fact({ type: "persona_changed", agent, number: 2 });
    await screen.findByText(/saved by Jonas Weber while you wrote/);
    await userEvent.keyboard("{Control>}s{/Control}");
    expect(saves(room)).toEqual([]);
    expect((await editor()).state.doc.toString()).toBe("mine");
    await userEvent.click(screen.getByRole("button", { name: "Write on over v2" }));
    room.backend.now({ "PUT /api/v1/personas/{agent}": refuse("VERSION_MISMATCH") });
    await userEvent.keyboard("{Control>}s{/Control}");
    expect((await screen.findByRole("alert")).textContent).toContain("Not saved");
    expect(saves(room)).toMatchObject([{ headers: { "if-match": '"row2"' } }]);
  });

  it("makes a new one from the starter and opens it", async () => {
    const made = personaOf(newAgent(), 1, "");
    const room = await renderRoom(<PersonasRoom agent="new" />, {
      [LINT]: { valid: true, diagnostics: [] },
      "POST /api/v1/personas": made,
    });
    const view = await editor();
    expect(view.state.doc.toString()).toContain("name: New Persona");
    await userEvent.click(screen.getByRole("button", { name: /Create/ }));
    await waitFor(() => expect(room.address()).toBe(`/personas/${made.agent}`));
  });

  it("lets those read who may not write", async () => {
    const agent = newAgent();
    const may = OWNER.may.filter((group) => group !== "persona_write");
    await renderRoom(<PersonasRoom agent={agent} />, script(agent), { me: { ...OWNER, may } });
    await screen.findByText("Your roles let you read, not write.");
    expect((await editor()).state.readOnly).toBe(true);
    expect(screen.queryByRole("button", { name: /Save/ })).toBeNull();
  });
});

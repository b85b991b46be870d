import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { refuse, type Script } from "@/shared/testing/backend";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { Memories } from "./Memories";

const AGENT = "0199f1c2-0000-7000-8000-0000000000aa";
const ALL = "GET /api/v1/personas/{agent}/memories";
const SEARCH = "GET /api/v1/personas/{agent}/memories/search";
const FORGET = "POST /api/v1/personas/{agent}/memories/{memory}/forget";

function memory(id: string, text: string, change: Partial<Wire<"Memory">> = {}): Wire<"Memory"> {
  return {
    id,
    kind: "fact",
    text,
    source: "a rejected draft for sandbox",
    task: null,
    origin: { kind: "operator" },
    tainted: false,
    tags: [],
    importance: 80,
    at: "2026-05-21T08:00:00Z",
    fit: null,
    ...change,
  };
}

const lesson = memory("m1", "Never praise machines.", {
  task: { id: "k1", title: "Write a post", campaign: "c1", trace: "t1" },
});
const rumour = memory("m2", "Fog\u202esells, they say.", {
  kind: "episodic",
  origin: { kind: "untrusted", source: "https://a.example" },
  tainted: true,
});

function script(changes: Script = {}): Script {
  return { [ALL]: { items: [lesson, rumour], next: null, finds_by: "words" }, ...changes };
}

const rows = () => within(screen.getByRole("list", { name: "What it remembers" }));

describe("what an agent remembers", () => {
  it("shows each with its kind, whose words, and where it came from, and says that it is lexical", async () => {
    await renderRoom(<Memories agent={AGENT} />, script());
    await screen.findByText("Never praise machines.");
    expect(screen.getByText("lexical: by words alone")).toBeDefined();
    const [first, second] = rows().getAllByRole("listitem");
    if (!first || !second) throw new Error("two were remembered");
    expect(within(first).getByText("Learned")).toBeDefined();
    const run = within(first).getByRole("link", { name: "Its run" });
    expect(run.getAttribute("href")).toBe("/traces/t1");
    const task = within(first).getByRole("link", { name: /Write a post/ });
    expect(task.getAttribute("href")).toBe("/campaigns/c1");
    expect(within(second).getByText("Happened")).toBeDefined();
    expect(within(second).getByText("untrusted")).toBeDefined();
    // Signs that a reader could not see are drawn.
    expect(within(second).getByText("U+202E")).toBeDefined();
  });

  it("asks for one kind, and for the next page at its cursor", async () => {
    const { backend } = await renderRoom(
      <Memories agent={AGENT} />,
      script({ [ALL]: { items: [lesson], next: "c2", finds_by: "words_and_meaning" } }),
    );
    await screen.findByText("by words and vectors");
    backend.now({ [ALL]: { items: [rumour], next: null, finds_by: "words_and_meaning" } });
    await userEvent.click(screen.getByRole("button", { name: "More" }));
    await waitFor(() => expect(rows().getAllByRole("listitem")).toHaveLength(2));
    await userEvent.click(screen.getByRole("button", { name: "Learned" }));
    await waitFor(() =>
      expect(
        backend.asked
          .filter(({ endpoint }) => endpoint.endsWith("/memories"))
          .map(({ query }) => query),
      ).toEqual([{ limit: "50" }, { limit: "50", after: "c2" }, { limit: "50", kind: "fact" }]),
    );
  });

  it("searches what is typed, says how it was found and how well it fits, and why not by meaning", async () => {
    const problem = {
      class: "transient" as const,
      code: "EMBEDDER_UNAVAILABLE",
      message: "The embedder small at a.example does not answer.",
      retry_after_ms: null,
    };
    const { backend } = await renderRoom(
      <Memories agent={AGENT} />,
      script({
        [SEARCH]: { items: [{ ...lesson, fit: 784 }], found_by: "words", problem },
      }),
    );
    await screen.findByText("Never praise machines.");
    await userEvent.type(
      screen.getByRole("searchbox", { name: "Search what it remembers" }),
      " machines ",
    );
    await screen.findByText("fits 78 %");
    expect(screen.getByText(/The embedder small at a.example does not answer/)).toBeDefined();
    expect(rows().getAllByRole("listitem")).toHaveLength(1);
    const searched = backend.asked.filter(({ endpoint }) => endpoint.endsWith("/search"));
    expect(searched.map(({ query }) => query)).toEqual([{ query: "machines" }]);
    backend.now({ [SEARCH]: { items: [], found_by: "words_and_meaning", problem: null } });
    await userEvent.type(screen.getByRole("searchbox"), "and boats");
    await screen.findByText("Nothing fits");
    expect(screen.getByText(/or means the like/)).toBeDefined();
    await userEvent.clear(screen.getByRole("searchbox"));
    await screen.findByText("Never praise machines.");
  });

  it("forgets one only with a reason, and says when it could not", async () => {
    const { backend } = await renderRoom(
      <Memories agent={AGENT} />,
      script({ [FORGET]: refuse("UNAVAILABLE") }),
    );
    await screen.findByText("Never praise machines.");
    await userEvent.click(screen.getByRole("button", { name: "Forget: Never praise machines." }));
    const dialog = within(await screen.findByRole("dialog", { name: "Forget this memory?" }));
    const forget = dialog.getByRole("button", { name: "Forget" });
    expect(forget.hasAttribute("disabled")).toBe(true);
    await userEvent.type(dialog.getByRole("textbox", { name: "Why" }), "  ");
    expect(forget.hasAttribute("disabled")).toBe(true);
    await userEvent.type(dialog.getByRole("textbox", { name: "Why" }), "Said in anger.");
    await userEvent.click(forget);
    await dialog.findByText("Nothing was forgotten");
    backend.now({ [FORGET]: null, [ALL]: { items: [rumour], next: null, finds_by: "words" } });
    await userEvent.click(forget);
    await screen.findByText("Forgotten");
    expect(backend.writes.at(-1)).toMatchObject({
      path: { agent: AGENT, memory: "m1" },
      body: { reason: "Said in anger." },
    });
    await waitFor(() => expect(screen.queryByText("Never praise machines.")).toBeNull());
    expect(screen.queryByRole("dialog", { name: "Forget this memory?" })).toBeNull();
  });

  it("lets those who may only read forget nothing, and links to no closed room", async () => {
    const me = {
      ...OWNER,
      may: OWNER.may.filter((one) => one !== "persona_write"),
      rooms: OWNER.rooms.filter((room) => room !== "traces"),
    };
    await renderRoom(<Memories agent={AGENT} />, script(), { me });
    await screen.findByText("Never praise machines.");
    expect(screen.queryByRole("button", { name: /^Forget/ })).toBeNull();
    expect(screen.queryByRole("link", { name: "Its run" })).toBeNull();
    expect(screen.getByRole("link", { name: /Write a post/ })).toBeDefined();
  });

  it("says what is written down by itself while there is nothing", async () => {
    await renderRoom(
      <Memories agent={AGENT} />,
      script({ [ALL]: { items: [], next: null, finds_by: "words" } }),
    );
    await screen.findByText("It remembers nothing yet");
  });
});

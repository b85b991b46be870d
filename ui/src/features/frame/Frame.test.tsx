import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "@/ipc/errors";
import { usePreference } from "@/shared/hooks/usePreference";
import { useKeymap } from "@/shared/keys/keymap";
import { TooltipGround } from "@/shared/parts/Tooltip";
import { Frame } from "./Frame";
import type { FrameActs, FrameState } from "./model";

const state: FrameState = {
  workspace: "Halden Collective",
  person: { id: "u1", name: "Inga Reuter", roles: ["moderator"] },
  solo: false,
  rooms: ["home", "review", "personas", "settings"],
  counts: { review: { value: 41 } },
  figures: {
    planning: 1,
    working: 2,
    judging: 0,
    sleeping: 3,
    waitingForJudge: 4,
    waitingForPeople: 41,
    held: 5,
    spentToday: "412.80",
    spentOfAllowed: "400.30",
    unpricedToday: 0,
    allowedToday: "900",
    alerts: 1,
    stopped: false,
    stopReason: null,
  },
  connection: { state: "live" },
  latencyMs: 38,
  mayStop: true,
  mayRelease: true,
};

let acts: { [K in keyof FrameActs]: ReturnType<typeof vi.fn<FrameActs[K]>> };

beforeEach(() => {
  acts = {
    stop: vi.fn<FrameActs["stop"]>(async () => {}),
    release: vi.fn<FrameActs["release"]>(async () => {}),
    reconnect: vi.fn<FrameActs["reconnect"]>(),
    signOut: vi.fn<FrameActs["signOut"]>(),
  };
});
afterEach(() => {
  useKeymap.setState({ overrides: {} });
  usePreference.setState({ theme: "dark" });
});

async function show(change: Partial<FrameState> = {}) {
  const root = createRootRoute();
  const page = (path: string) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component: () => (
        <TooltipGround>
          <Frame state={{ ...state, ...change }} acts={acts}>
            <h1>{path}</h1>
            <input aria-label="a field" />
          </Frame>
        </TooltipGround>
      ),
    });
  const router = createRouter({
    routeTree: root.addChildren([page("/"), page("/review"), page("/personas"), page("/settings")]),
    history: createMemoryHistory(),
  });
  // The frame's own tests search no lists: nothing is asked.
  const cache = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  render(
    <QueryClientProvider client={cache}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  await screen.findByRole("heading", { level: 1 });
}

const room = () => screen.getByRole("heading", { level: 1 }).textContent;

it("shows the person's rooms only, in the backend's order, with what waits", async () => {
  await show();
  const links = within(screen.getByRole("navigation")).getAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual([
    "/",
    "/review",
    "/personas",
    "/settings",
  ]);
  expect(within(links[1] as HTMLElement).getAllByText("41")).not.toHaveLength(0);
});

it("goes to a room by g and its letter, not while typing and not to a room one does not have", async () => {
  await show();
  await userEvent.keyboard("gr");
  await screen.findByRole("heading", { name: "/review" });
  await userEvent.type(screen.getByRole("textbox", { name: "a field" }), "gp");
  expect(room()).toBe("/review");
  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard("ga");
  expect(room()).toBe("/review");
});

it("goes and changes the look from the palette", async () => {
  await show();
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox"), "pers{Enter}");
  await screen.findByRole("heading", { name: "/personas" });
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox"), "light{Enter}");
  expect(usePreference.getState().theme).toBe("light");
});

it("stops everything only after the word, and says why for the record", async () => {
  await show();
  await userEvent.keyboard("{Control>}{Shift>}.{/Shift}{/Control}");
  const dialog = await screen.findByRole("dialog");
  const stop = within(dialog).getByRole("button", { name: "Stop everything" });
  expect((stop as HTMLButtonElement).disabled).toBe(true);
  await userEvent.type(within(dialog).getByLabelText("Type stop to confirm"), "sto");
  await userEvent.click(stop);
  expect(acts.stop).not.toHaveBeenCalled();
  await userEvent.type(within(dialog).getByLabelText("Type stop to confirm"), "p");
  await userEvent.type(within(dialog).getByLabelText("Why, for the record"), "drill");
  await userEvent.click(stop);
  expect(acts.stop.mock.calls).toEqual([["drill"]]);
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("keeps the dialog open and says what went wrong when stopping fails", async () => {
  const message = "The backend does not answer.";
  acts.stop.mockRejectedValue(
    new ApiError({ code: "UNREACHABLE", message, status: 0, retryable: true }),
  );
  await show();
  await userEvent.click(screen.getByRole("button", { name: /^Stop everything/ }));
  await userEvent.type(await screen.findByLabelText("Type stop to confirm"), "stop{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain(message);
  expect(screen.getByRole("dialog")).toBeDefined();
});

it("offers the stop only to those who may, and the way back once it is stopped", async () => {
  await show({ mayStop: false });
  expect(screen.queryByRole("button", { name: /Stop everything/ })).toBeNull();
  await userEvent.keyboard("{Control>}{Shift>}.{/Shift}{/Control}");
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("says that everything is stopped, and starts again when asked twice", async () => {
  const figures = state.figures && { ...state.figures, stopped: true };
  await show({ figures });
  expect(screen.getByText("Everything is stopped")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Start again" }));
  const dialog = await screen.findByRole("dialog");
  expect(acts.release).not.toHaveBeenCalled();
  await userEvent.click(within(dialog).getByRole("button", { name: "Start again" }));
  expect(acts.release).toHaveBeenCalledOnce();
});

it("shows the state of the connection and tries again on a click", async () => {
  await show({
    connection: { state: "offline", since: 0, retryAt: Date.now() + 5_000, waitMs: 8_000 },
    figures: null,
  });
  await userEvent.click(screen.getByRole("button", { name: "Offline" }));
  expect(acts.reconnect).toHaveBeenCalledOnce();
  expect(screen.getByText("No figures yet")).toBeDefined();
});

it("lists the keys that act here on ?", async () => {
  await show();
  await userEvent.keyboard("?");
  const sheet = await screen.findByRole("dialog");
  expect(within(sheet).getByText("Stop everything")).toBeDefined();
  expect(within(sheet).queryByText("Approve")).toBeNull();
  await userEvent.keyboard("{Escape}");
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

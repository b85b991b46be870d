import { fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";
import { keysFor, useKeymap } from "@/shared/keys/keymap";
import { KeyTable } from "./ShortcutSheet";

afterEach(() => useKeymap.setState({ overrides: {} }));

const now = () => useKeymap.getState().overrides;

async function change(name: string, ...presses: KeyboardEventInit[]) {
  await userEvent.click(screen.getByRole("button", { name: `Change: ${name}` }));
  for (const press of presses) fireEvent.keyDown(window, press);
}

it("puts an action on another key, and back", async () => {
  render(<KeyTable actions={["approve", "reject"]} />);
  await change("Approve", { key: "y", ctrlKey: true });
  expect(keysFor("approve", now())).toBe("Mod+Y");
  await userEvent.click(screen.getByRole("button", { name: "Reset" }));
  expect(now()).toEqual({});
});

it("takes two keys after each other", async () => {
  render(<KeyTable actions={["approve"]} />);
  await change("Approve", { key: "q" }, { key: "w" });
  expect(keysFor("approve", now())).toBe("q w");
});

it("refuses a key that is taken, and says by what", async () => {
  render(<KeyTable actions={["approve", "reject"]} />);
  await change("Approve", { key: "k", ctrlKey: true });
  const row = screen.getByText("Approve").closest("li") as HTMLElement;
  expect(within(row).getByRole("alert").textContent).toBe("Already used by “Search or run”.");
  expect(now()).toEqual({});
});

it("never lets the stop lie on a bare key", async () => {
  render(<KeyTable actions={["stop"]} />);
  await change("Stop everything", { key: "q" }, { key: "q" });
  expect(screen.getByRole("alert")).toBeDefined();
  expect(now()).toEqual({});
});

it("keeps the key on Escape", async () => {
  render(<KeyTable actions={["approve"]} />);
  await change("Approve", { key: "Escape" });
  expect(now()).toEqual({});
  expect(screen.getByRole("button", { name: "Change: Approve" })).toBeDefined();
});

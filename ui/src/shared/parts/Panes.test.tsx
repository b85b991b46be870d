import { fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { Panes } from "./Panes";

beforeEach(() => localStorage.clear());

const pane = { name: "Queue", width: 312, min: 240, max: 420, children: "rows" };
const show = () =>
  render(
    <Panes id="test" left={pane} right={{ ...pane, name: "Evidence" }}>
      middle
    </Panes>,
  );
const handle = (name: string) => screen.getByRole("separator", { name: `Resize ${name}` });
const width = (name: string) => Number(handle(name).getAttribute("aria-valuenow"));

it("moves a border with the arrow keys, the right pane the other way round, and stops at its limits", () => {
  show();
  fireEvent.keyDown(handle("Queue"), { key: "ArrowRight" });
  fireEvent.keyDown(handle("Evidence"), { key: "ArrowRight" });
  expect([width("Queue"), width("Evidence")]).toEqual([328, 296]);
  fireEvent.keyDown(handle("Queue"), { key: "End" });
  fireEvent.keyDown(handle("Queue"), { key: "ArrowRight" });
  expect(width("Queue")).toBe(420);
});

it("keeps the width for the next time, and forgets one that makes no sense", () => {
  const { unmount } = show();
  fireEvent.keyDown(handle("Queue"), { key: "Home" });
  unmount();
  localStorage.setItem("chimera.pane.test.right", "99999");
  show();
  expect([width("Queue"), width("Evidence")]).toEqual([240, 420]);
});

it("goes back to the first width on a double click", () => {
  show();
  fireEvent.keyDown(handle("Queue"), { key: "Home" });
  fireEvent.doubleClick(handle("Queue"));
  expect(width("Queue")).toBe(312);
});

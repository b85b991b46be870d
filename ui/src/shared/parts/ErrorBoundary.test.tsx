import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { ErrorBoundary } from "./ErrorBoundary";

let breaks: boolean;

function Room() {
  if (breaks) throw new Error("a bug");
  return <p>the room</p>;
}

const log = vi.fn();

beforeEach(() => {
  breaks = true;
  log.mockClear();
  vi.spyOn(console, "error").mockImplementation(log);
});

it("shows what to do, and tries again when asked to", async () => {
  render(
    <ErrorBoundary>
      <Room />
    </ErrorBoundary>,
  );
  expect(screen.getByRole("alert").textContent).toContain("Nothing was sent or changed.");
  breaks = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("the room")).toBeDefined();
});

it("lets another room open after one broke", () => {
  const { rerender } = render(
    <ErrorBoundary resetOn="/a">
      <Room />
    </ErrorBoundary>,
  );
  breaks = false;
  rerender(
    <ErrorBoundary resetOn="/a">
      <Room />
    </ErrorBoundary>,
  );
  expect(screen.queryByText("the room")).toBeNull();
  rerender(
    <ErrorBoundary resetOn="/b">
      <Room />
    </ErrorBoundary>,
  );
  expect(screen.getByText("the room")).toBeDefined();
});

it("tells the log", () => {
  render(
    <ErrorBoundary>
      <Room />
    </ErrorBoundary>,
  );
  expect(log).toHaveBeenCalledWith("a bug", expect.stringContaining("Room"));
});

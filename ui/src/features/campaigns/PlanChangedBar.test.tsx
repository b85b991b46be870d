// The campaign's page says that its plan was changed and why, or that another way is being looked for.
import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import "@/shared/i18n/i18n";
import { PlanChangedBar } from "./PlanChangedBar";

const task = (kind: string, state: string, title: string) =>
  ({ id: title, kind, state, title }) as Wire<"Task">;

it("says why the plan was changed, and that it is being changed", () => {
  const changed = task("replan", "completed", "Plan changed: the other feed is read.");
  const { rerender } = render(<PlanChangedBar tasks={[task("publish_post", "ready", "Post")]} />);
  expect(screen.queryByRole("status")).toBeNull();
  rerender(<PlanChangedBar tasks={[changed]} />);
  expect(screen.getByRole("status").textContent).toBe("Plan changed: the other feed is read.");
  rerender(<PlanChangedBar tasks={[changed, task("replan", "working", "Look")]} />);
  expect(screen.getByRole("status").textContent).toMatch(/another way is being looked for/i);
  rerender(<PlanChangedBar tasks={[changed, task("replan", "failed", "Look")]} />);
  expect(screen.queryByRole("status")).toBeNull();
});

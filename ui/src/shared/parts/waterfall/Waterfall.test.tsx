import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { withLayout } from "@/shared/testing/layout";
import type { Span } from "./model";
import { Waterfall } from "./Waterfall";

withLayout(900, 400);

const span = (
  id: string,
  parent: string | null,
  start: number,
  rest: Partial<Span> = {},
): Span => ({
  id,
  parent,
  name: id,
  kind: "tool",
  start,
  end: start + 500,
  ...rest,
});
const RUN = [
  span("run", null, 0, { kind: "workflow", end: null }),
  span("write", "run", 100, { kind: "model" }),
  span("judge", "run", 700, { kind: "judge" }),
  span("voice", "judge", 700, { kind: "judge" }),
  span("post", "run", 9_000, { end: null, planned: true, kind: "effect" }),
];

function Room({ spans }: { spans: readonly Span[] }) {
  const [selected, setSelected] = useState<string | null>("run");
  return (
    <Waterfall
      spans={spans}
      startedAt={Date.now() - 5_000}
      selected={selected}
      onSelect={setSelected}
    />
  );
}

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.id.replace("span-", ""));
const selected = () => screen.getByRole("treegrid").getAttribute("aria-activedescendant");

it("is walked, folded and unfolded with the arrow keys", async () => {
  render(<Room spans={RUN} />);
  expect(names()).toEqual(["run", "write", "judge", "voice", "post"]);
  screen.getByRole("treegrid").focus();
  await userEvent.keyboard("{ArrowDown}{ArrowDown}{ArrowLeft}");
  expect(selected()).toBe("span-judge");
  expect(names()).toEqual(["run", "write", "judge", "post"]);
  await userEvent.keyboard("{ArrowRight}{End}");
  expect(selected()).toBe("span-post");
  expect(names()).toContain("voice");
});

it("says of each step when it began and how it stands", () => {
  render(<Room spans={RUN} />);
  const says = screen.getAllByRole("row").map((row) => row.getAttribute("aria-label"));
  expect(says[1]).toBe("run, starts at 0 ms, still open");
  expect(says[2]).toBe("write, starts at 0.1 s, 0.5 s");
  expect(says[5]).toBe("post, starts at 9 s, planned");
});

it("draws a few of many rows", () => {
  render(<Room spans={Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, null, i))} />);
  expect(screen.getByRole("treegrid").getAttribute("aria-rowcount")).toBe("20001");
  expect(names().length).toBeLessThan(60);
});

import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useNow } from "./useNow";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function Clock({ step }: { step: number | null }) {
  return <p>{useNow(step)}</p>;
}

const shown = () => screen.getAllByText(/^\d+$/).map((clock) => Number(clock.textContent));
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

it("moves all clocks of one step together, on one timer", () => {
  render(
    <>
      <Clock step={1_000} />
      <Clock step={1_000} />
    </>,
  );
  pass(3_000);
  expect(shown()).toEqual([1_003_000, 1_003_000]);
  expect(vi.getTimerCount()).toBe(1);
});

it("leaves no timer behind, and is not late when it is watched again", () => {
  const { unmount } = render(<Clock step={500} />);
  unmount();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  render(<Clock step={500} />);
  expect(shown()).toEqual([1_060_000]);
});

it("stands still without a step", () => {
  render(<Clock step={null} />);
  pass(10_000);
  expect(shown()).toEqual([0]);
  expect(vi.getTimerCount()).toBe(0);
});

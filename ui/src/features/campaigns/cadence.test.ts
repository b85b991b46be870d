// Proves that posts are drawn on the days on which they can leave.
import { expect, it } from "vitest";
import { cadenceOf, DAYS_MAX } from "./cadence";
import type { Step } from "./plan";

const now = new Date(2026, 4, 21, 10).getTime();
const post = (key: string, publish_at: string | null = null) =>
  ({ key, kind: "publish_post", publish_at, needs: [] }) as unknown as Step;
const on = (day: number) => new Date(2026, 4, 21 + day, 9).toISOString();
const counts = (steps: readonly Step[], most: number) =>
  cadenceOf(steps, most, now).map(({ posts }) => posts);

it("fills today up to the limit, then the days after it", () => {
  expect(counts([post("a"), post("b"), post("c")], 2)).toEqual([2, 1]);
});

it("keeps to the times that are set, and leaves days free between them", () => {
  expect(counts([post("a", on(2)), post("b")], 1)).toEqual([1, 0, 1]);
  expect(cadenceOf([post("a", on(1))], 1, now).at(-1)?.at).toBe(new Date(2026, 4, 22).getTime());
});

it("draws nothing where nothing is posted, and no more days than it says", () => {
  expect(counts([], 3)).toEqual([]);
  const many = Array.from({ length: 40 }, (_, at) => post(`p${at}`));
  expect(counts(many, 1)).toHaveLength(DAYS_MAX);
});

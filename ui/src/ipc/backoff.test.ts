import { expect, it } from "vitest";
import { backoffMs } from "./backoff";

it("doubles from one second up to half a minute, and stays there", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 40, 2_000].map(backoffMs)).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000,
  ]);
});

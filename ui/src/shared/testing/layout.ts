// Gives every element of jsdom, which lays nothing out, a size: lists that draw only what is in sight need one.
import { afterEach, beforeEach, vi } from "vitest";

export function withLayout(width: number, height: number): void {
  beforeEach(() => {
    const { prototype } = HTMLElement;
    for (const name of ["offsetWidth", "clientWidth"] as const) {
      vi.spyOn(prototype, name, "get").mockReturnValue(width);
    }
    for (const name of ["offsetHeight", "clientHeight"] as const) {
      vi.spyOn(prototype, name, "get").mockReturnValue(height);
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}

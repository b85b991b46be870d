import { expect, it } from "vitest";
import { pageSizes } from "./budget";

const chunk = (code: string, imports: readonly string[], facadeModuleId: string | null = null) => ({
  type: "chunk",
  code,
  imports,
  facadeModuleId,
  isEntry: facadeModuleId?.endsWith("main.tsx") ?? false,
});

it("weighs a route with everything it imports at once, shared parts only once", () => {
  // Text that does not compress, so that sizes add up.
  const noise = (seed: number) =>
    Array.from({ length: 500 }, (_, i) => ((i * 7919 * seed) % 104729).toString(36)).join("");
  const bundle = {
    "main.js": chunk(noise(1), ["shared.js"], "/ui/src/main.tsx"),
    "shared.js": chunk(noise(2), []),
    "review.js": chunk(noise(3), ["shared.js", "diff.js"], "/ui/src/routes/Review.tsx"),
    "diff.js": chunk(noise(4), ["review.js"]),
    "editor.js": chunk(noise(5), ["shared.js"], "/ui/src/shared/parts/editor/TextEditorBody.tsx"),
    "look.css": { type: "asset" },
  };
  const sizes = pageSizes(bundle);
  expect([...sizes.keys()]).toEqual(["main.js", "review.js"]);
  const [main = 0, review = 0] = [...sizes.values()];
  expect(review / main).toBeCloseTo(2, 0);
});

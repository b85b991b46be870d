// Proves that people read titles and not names, of skills that ship and of those that were added.
import { expect, it } from "vitest";
import { i18n } from "@/shared/i18n/i18n";
import { skillTitle } from "./skill";

it("calls a shipped skill by its title and makes the name of another readable", () => {
  const titles = ["write_post", "fetch_trends", "measure_reach", "check-links", "toString", ""].map(
    (name) => skillTitle(name, i18n.t),
  );
  expect(titles).toEqual([
    "Write a post",
    "Read the feeds",
    "Measure reach",
    "Check links",
    "ToString",
    "",
  ]);
});

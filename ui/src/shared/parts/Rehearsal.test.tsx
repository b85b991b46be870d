import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import "@/shared/i18n/i18n";
import { RehearsalBadge, RehearsalChip } from "./Rehearsal";

it("says in whole words that it is not an AI, also where there is room for one word only", () => {
  render(
    <>
      <RehearsalBadge />
      <RehearsalChip />
    </>,
  );
  expect(screen.getAllByText(/^rehearsal/).map((badge) => badge.textContent)).toEqual([
    "rehearsal, not an AI",
    "rehearsal, not an AI",
  ]);
});

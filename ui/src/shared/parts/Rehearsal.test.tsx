import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import "@/shared/i18n/i18n";
import { RehearsalBadge } from "./Rehearsal";

it("says in whole words that it is not an AI", () => {
  render(<RehearsalBadge />);
  expect(screen.getByText("rehearsal, not an AI")).toBeDefined();
});

import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import "@/shared/i18n/i18n";
import { ConfidenceScale } from "./ConfidenceScale";

const SHIPPED = { autoAbove: 9_000, reviewFrom: 7_000, mustApproveFrom: 5_000 };

/** The bands' looks with how much of the scale each takes. */
function bands(scale: HTMLElement): string[] {
  const [bar] = scale.children;
  return [...(bar?.children ?? [])].map(
    (band) => `${band.className} ${(band as HTMLElement).style.flexGrow}`,
  );
}

/** Figures under the scale, with their places. */
function ticks(scale: HTMLElement): string[] {
  return [...scale.querySelectorAll<HTMLElement>(":scope > span")].map(
    ({ textContent, style }) => `${textContent} ${style.left}`,
  );
}

it("draws the bands of the policy that it is given", () => {
  render(<ConfidenceScale judge={7_800} writer={8_600} lines={SHIPPED} />);
  const shipped = screen.getByRole("img", {
    name: /^Judge 0.78, Writer 0.86, .*0.50, 0.70 and 0.90$/,
  });
  expect(bands(shipped)).toEqual(["bg-bad-fill 2000", "bg-warn-fill 2000", "bg-ok-fill 1000"]);
  expect(ticks(shipped)).toEqual(["0.50 0%", "0.70 40%", "0.90 80%", "1.00 100%"]);
});

it("has no green end where nothing goes by itself", () => {
  const lines = { ...SHIPPED, autoAbove: 10_000 };
  render(<ConfidenceScale judge={9_500} writer={9_500} lines={lines} />);
  expect(bands(screen.getByRole("img"))).toEqual(["bg-bad-fill 2000", "bg-warn-fill 3000"]);
});

it("begins at nothing where a score lies in the lower half", () => {
  render(<ConfidenceScale judge={3_000} writer={8_000} lines={SHIPPED} />);
  const scale = screen.getByRole("img");
  expect(bands(scale)[0]).toBe("bg-fg-muted 5000");
  expect(ticks(scale)[0]).toBe("0.00 0%");
  const needles = [...scale.querySelectorAll<HTMLElement>(":scope > .border-l-2")];
  expect(needles.map(({ style }) => style.left)).toEqual(["30%", "80%"]);
});

it("draws no band of a policy that it does not know", () => {
  render(<ConfidenceScale judge={7_800} writer={8_600} lines={null} />);
  const scale = screen.getByRole("img", { name: "Judge 0.78, Writer 0.86" });
  expect(bands(scale)).toEqual(["bg-fg-muted 5000"]);
  expect(ticks(scale)).toEqual(["0.50 0%", "1.00 100%"]);
});

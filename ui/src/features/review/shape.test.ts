import { describe, expect, it } from "vitest";
import { alikeTo, differences } from "./shape";
import { id, reviewOf } from "./testing/cards";

const said = (number: number, text: string, changes = {}) =>
  reviewOf(number, { preview: { type: "text", text }, ...changes });

const patch = (name: string, day: string) =>
  `Patch 2.3 is live, ${name}! Your save from ${day} is safe and loads without the old bug.`;

describe("drafts of the same shape", () => {
  const opened = said(1, patch("Ana", "Monday"));

  it("finds those that share most words, and marks only their own", () => {
    const [found, ...more] = alikeTo(opened, [
      opened,
      said(2, patch("Bo", "Friday")),
      said(3, "Hub gears do not make you slow."),
    ]);
    expect(more).toEqual([]);
    expect(found?.review.id).toBe(id(2));
    const own = found?.pieces.filter(({ kind }) => kind === "added").map(({ text }) => text);
    expect(own).toEqual(["Bo", "Friday"]);
  });

  it("leaves out other personas, other networks and what is decided", () => {
    const other = { id: id(950), name: "Teo", initials: "TE" };
    const rows = [
      opened,
      said(2, patch("Bo", "Friday"), { agent: other }),
      said(3, patch("Cy", "Friday"), { platform: "bluesky" }),
      said(4, patch("Di", "Friday"), { state: "approved" }),
    ];
    expect(alikeTo(opened, rows)).toEqual([]);
  });

  it("shortens long common runs at words and drops what only the opened one says", () => {
    expect(
      differences([
        { kind: "removed", text: "Ana" },
        { kind: "added", text: "Bo" },
        { kind: "same", text: ", your save from the long summer holidays is safe" },
      ]),
    ).toEqual([
      { kind: "added", text: "Bo" },
      { kind: "same", text: ", your save … is safe" },
    ]);
  });
});

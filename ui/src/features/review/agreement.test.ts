import { describe, expect, it } from "vitest";
import { agreedShare, agreementOf, type Decisions, decisionsIn } from "./agreement";
import { id, reviewOf } from "./testing/cards";

const ME = id(500);

function list(
  state: "approved" | "edited" | "rejected",
  rows: readonly (readonly [at: number, marked: boolean, by?: string])[],
  next: string | null = null,
): Decisions {
  const items = rows.map(([at, high_attention, by = ME], index) =>
    reviewOf(index, {
      state,
      high_attention,
      decided_by: { id: by, name: "Inga" },
      decided_at: new Date(at * 1_000).toISOString(),
    }),
  );
  return { items, next };
}

describe("agreement with the judge", () => {
  it("counts what was kept and what was changed, marked and not, of one person", () => {
    const approved = list("approved", [
      [9, false],
      [8, false, id(501)],
      [7, true],
    ]);
    const counted = agreementOf(
      [approved, list("edited", [[6, true]]), list("rejected", [[5, false]])],
      ME,
    );
    expect(counted).toEqual({ markedKept: 1, markedChanged: 1, plainKept: 1, plainChanged: 1 });
    expect([decisionsIn(counted), agreedShare(counted)]).toEqual([4, 0.5]);
  });

  it("leaves out what is older than the oldest of a list that was cut", () => {
    const approved = list(
      "approved",
      [
        [9, false],
        [8, false],
      ],
      "older",
    );
    const rejected = list("rejected", [
      [8, true],
      [3, false],
    ]);
    const counted = agreementOf([approved, rejected], ME);
    expect(counted).toEqual({ markedKept: 0, markedChanged: 1, plainKept: 2, plainChanged: 0 });
    expect(agreedShare(counted)).toBe(1);
  });

  it("says nothing where nothing was decided", () => {
    expect(agreedShare(agreementOf([], ME))).toBeNull();
  });
});

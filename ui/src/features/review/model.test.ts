import { describe, expect, it } from "vitest";
import {
  decidedSince,
  disclosureOf,
  dueSoon,
  foreignClaim,
  goesOut,
  marksOf,
  moved,
  movedCriteria,
  nextAfter,
  ownClaim,
} from "./model";
import { cardOf, id, reviewOf } from "./testing/cards";

const NOW = Date.parse("2026-05-21T12:00:00Z");
const claimed = (mine: boolean, until: string) => ({
  claim: { by: { id: id(7), name: "Jonas Weber" }, mine, until },
});

describe("the queue", () => {
  it("goes on with the next item, and at its end with the one before", () => {
    const rows = [reviewOf(1), reviewOf(2), reviewOf(3)];
    expect(nextAfter(rows, id(1), NOW)).toBe(id(2));
    expect(nextAfter(rows, id(3), NOW)).toBe(id(2));
    expect(nextAfter([reviewOf(1)], id(1), NOW)).toBeNull();
  });

  it("passes over what somebody else looks at, until that claim ends", () => {
    const taken = claimed(false, "2026-05-21T12:01:00Z");
    const rows = [reviewOf(1), reviewOf(2, taken), reviewOf(3)];
    expect(nextAfter(rows, id(1), NOW)).toBe(id(3));
    expect(nextAfter(rows, id(1), NOW + 60_000)).toBe(id(2));
  });

  it("keeps its place when the opened item has left the list", () => {
    const rows = [reviewOf(1), reviewOf(3), reviewOf(4)];
    expect(moved(rows, id(2), 1, 1)).toBe(id(3));
    expect(moved(rows, id(2), 1, -1)).toBe(id(1));
    expect(moved(rows, id(4), 2, 1)).toBe(id(4));
    expect(moved([], id(4), 2, 1)).toBeNull();
  });

  it("tells whose a claim is, and forgets it when it has run out", () => {
    const mine = reviewOf(1, claimed(true, "2026-05-21T12:01:00Z"));
    const other = reviewOf(1, claimed(false, "2026-05-21T12:01:00Z"));
    expect([ownClaim(mine, NOW) !== null, foreignClaim(mine, NOW)]).toEqual([true, null]);
    expect([ownClaim(other, NOW), foreignClaim(other, NOW)?.by.name]).toEqual([
      null,
      "Jonas Weber",
    ]);
    expect(foreignClaim(other, NOW + 60_000)).toBeNull();
  });

  it("counts what expires within five minutes, and nothing that has expired or is decided", () => {
    const until = (time: string) => ({ expires_at: `2026-05-21T${time}Z` });
    const rows = [
      reviewOf(1, until("12:05:00")),
      reviewOf(2, until("12:05:01")),
      reviewOf(3, until("11:59:59")),
      reviewOf(4, { ...until("12:01:00"), state: "approved" }),
    ];
    expect(dueSoon(rows, NOW)).toBe(1);
  });

  it("lists what was decided since midnight, the newest first and each once", () => {
    const at = (time: string) => ({ state: "approved" as const, decided_at: time });
    const early = reviewOf(1, at("2026-05-21T01:00:00Z"));
    const late = reviewOf(2, at("2026-05-21T09:00:00Z"));
    const before = reviewOf(3, at("2026-05-20T23:59:59Z"));
    const midnight = Date.parse("2026-05-21T00:00:00Z");
    expect(decidedSince([early, late, before, late, reviewOf(4)], midnight)).toEqual([late, early]);
  });
});

describe("an item", () => {
  it("marks what rules found at its place, and by what it means", () => {
    const found = (weight: "note" | "needs_person" | "fails" | "attack") => ({
      rule: "policy.x",
      message: weight,
      weight,
      span: { start: 1, end: 4 },
    });
    const marks = marksOf([
      found("needs_person"),
      found("attack"),
      { ...found("fails"), span: null },
    ]);
    expect(marks).toEqual([
      { from: 1, to: 4, weight: "look", why: "needs_person" },
      { from: 1, to: 4, weight: "stop", why: "attack" },
    ]);
  });

  it("reads the disclosure of the prepared post, and nothing out of anything else", () => {
    const payload = (level: unknown) => ({ disclosure: { disclosure_level: level } });
    expect(
      [payload("automated"), payload("assisted"), payload(1), null, "x", {}].map(disclosureOf),
    ).toEqual(["generated", "assisted", null, null, null, null]);
  });

  it("names the lines of the checklist that an edit moved, what fell furthest first", () => {
    const line = (name: string, score: number) => ({ name, score, note: `${name} now` });
    const moves = movedCriteria(
      [line("voice", 0.5), line("facts", 0.9), line("same", 0.7), line("gone", 1)],
      [line("voice", 0.8), line("facts", 0.1), line("same", 0.7), line("new", 1)],
    );
    expect(moves).toEqual([
      { name: "facts", before: 9_000, after: 1_000, note: "facts now" },
      { name: "voice", before: 5_000, after: 8_000, note: "voice now" },
    ]);
  });
});

describe("what readers get", () => {
  const draft = reviewOf(1);
  const { artifact, history } = cardOf(draft);
  const edit = {
    ...artifact,
    id: id(904),
    text: "As a person wrote it.",
    edited_from: artifact.id,
  };

  it("is the edit, once somebody let it go in the draft's place", () => {
    const edited = reviewOf(1, { state: "edited" });
    expect(goesOut({ review: edited, history: [...history, edit] })).toBe("As a person wrote it.");
  });

  it("is the draft while it waits, whatever was written before", () => {
    expect(goesOut({ review: draft, history: [edit, ...history] })).toBe(draft.preview.text);
    expect(goesOut({ review: reviewOf(1, { state: "edited" }), history })).toBe(draft.preview.text);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changed, wordDiff } from "./wordDiff";

const side = (pieces: ReturnType<typeof wordDiff>, kind: "added" | "removed") =>
  pieces
    .filter((piece) => piece.kind === "same" || piece.kind === kind)
    .map((piece) => piece.text)
    .join("");

describe("wordDiff", () => {
  it("replaces words, not letters", () => {
    expect(wordDiff("so our concentrate steeps", "so it steeps")).toEqual([
      { kind: "same", text: "so " },
      { kind: "removed", text: "our concentrate" },
      { kind: "added", text: "it" },
      { kind: "same", text: " steeps" },
    ]);
  });

  it("finds nothing where nothing changed", () => {
    expect(changed(wordDiff("a b", "a b"))).toBe(false);
    expect(changed(wordDiff("a b", "a  b"))).toBe(true);
  });

  it("strikes a phrase out as a phrase, with the small words in it", () => {
    const before = "so it’s easier on your stomach than Harrow & Finch. Full log";
    const after = "so it drinks rounder than most cold brews. Full log";
    expect(wordDiff(before, after)).toEqual([
      { kind: "same", text: "so " },
      { kind: "removed", text: "it’s easier on your stomach than Harrow & Finch" },
      { kind: "added", text: "it drinks rounder than most cold brews" },
      { kind: "same", text: ". Full log" },
    ]);
  });

  it("strikes out with them the stops that two changes happen to share", () => {
    expect(wordDiff("It steeps. Ask brew.example now", "A cure. No more")).toEqual([
      { kind: "removed", text: "It steeps. Ask brew.example now" },
      { kind: "added", text: "A cure. No more" },
    ]);
  });

  it("keeps what changed on one line apart from what changed on the next", () => {
    expect(wordDiff("It steeps.\n\n#Brew", "It steeps. Worth a look.\n\n#Look")).toEqual([
      { kind: "same", text: "It steeps." },
      { kind: "added", text: " Worth a look." },
      { kind: "same", text: "\n\n#" },
      { kind: "removed", text: "Brew" },
      { kind: "added", text: "Look" },
    ]);
  });

  it("keeps a longer word that stayed between two changes", () => {
    const kept = wordDiff("one concentrate two", "three concentrate four");
    expect(kept.filter(({ kind }) => kind === "same").map(({ text }) => text)).toEqual([
      " concentrate ",
    ]);
  });

  it("cuts languages without spaces at their words", () => {
    const pieces = wordDiff("私は猫が好きです", "私は犬が好きです");
    expect(pieces.filter((piece) => piece.kind !== "same").map((piece) => piece.text)).toEqual([
      "猫",
      "犬",
    ]);
  });

  it("gives back both texts exactly", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme" }),
        (before, after) => {
          const pieces = wordDiff(before, after);
          expect(side(pieces, "removed")).toBe(before);
          expect(side(pieces, "added")).toBe(after);
        },
      ),
    );
  });
});

import { describe, expect, it } from "vitest";
import { foldFor, splitLinks } from "./post";

describe("a post's text", () => {
  it("is cut where its network cuts it, and nowhere else", () => {
    const long = "a ".repeat(200);
    expect(foldFor("instagram", long).shown).toHaveLength(125);
    expect(foldFor("instagram", long).cut).toBe(true);
    expect(foldFor("sandbox", long)).toEqual({ shown: long, cut: false });
    expect(foldFor("instagram", "short")).toEqual({ shown: "short", cut: false });
  });

  it("never cuts an emoji in half", () => {
    const { shown, cut } = foldFor("instagram", "😀".repeat(126));
    expect([shown, cut]).toEqual(["😀".repeat(125), true]);
    expect(foldFor("instagram", "😀".repeat(125)).cut).toBe(false);
  });

  it("links tags, mentions and addresses, and leaves the rest alone", () => {
    const links = splitLinks("Hi @mara-voss, see https://a.example/x #brew a@b.c C#").filter(
      ({ link }) => link,
    );
    expect(links.map(({ text }) => text)).toEqual(["@mara-voss", "https://a.example/x", "#brew"]);
  });

  it("loses no character", () => {
    const text = "#a b @c\n\n#d";
    expect(
      splitLinks(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});

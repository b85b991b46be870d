import { describe, expect, it } from "vitest";
import { markdownParser } from "./language";

function blocks(text: string): string[] {
  const found: string[] = [];
  const top = markdownParser.parse(text).topNode;
  for (let node = top.firstChild; node; node = node.nextSibling) {
    found.push(`${node.name} ${node.from}-${node.to}`);
  }
  return found;
}

describe("markdown with front matter", () => {
  it("takes the front matter as one block and goes on with Markdown", () => {
    expect(blocks("---\nname: Mara\n---\n\n# Mara\n")).toEqual([
      "FrontMatter 0-18",
      "ATXHeading1 20-26",
    ]);
  });

  it("takes a fence that is not at the start for a rule", () => {
    expect(blocks("text\n\n---\n\nmore")).toEqual([
      "Paragraph 0-4",
      "HorizontalRule 6-9",
      "Paragraph 11-15",
    ]);
  });

  it("takes front matter that is still being written", () => {
    expect(blocks("---\nname: Ma")).toEqual(["FrontMatter 0-12"]);
  });
});

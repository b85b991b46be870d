// Markdown with front matter, for colouring only. The ready-made language package would bring parsers for HTML, CSS and
// JavaScript along; a SOUL.md holds none of them.
import { defineLanguageFacet, Language, LanguageSupport } from "@codemirror/language";
import { styleTags, tags } from "@lezer/highlight";
import { type MarkdownConfig, parser } from "@lezer/markdown";

const FENCE = "---";

const frontMatter: MarkdownConfig = {
  defineNodes: [{ name: "FrontMatter", block: true }],
  props: [styleTags({ FrontMatter: tags.meta })],
  parseBlock: [
    {
      name: "FrontMatter",
      before: "HorizontalRule",
      parse(context, line) {
        if (context.lineStart !== 0 || line.text.trimEnd() !== FENCE) return false;
        let end = context.lineStart + line.text.length;
        while (context.nextLine()) {
          end = context.lineStart + line.text.length;
          if (line.text.trimEnd() === FENCE) {
            context.nextLine();
            break;
          }
        }
        context.addElement(context.elt("FrontMatter", 0, end));
        return true;
      },
    },
  ],
};

export const markdownParser = parser.configure([frontMatter]);

export function markdown(): LanguageSupport {
  const language = new Language(defineLanguageFacet(), markdownParser, [], "markdown");
  return new LanguageSupport(language);
}

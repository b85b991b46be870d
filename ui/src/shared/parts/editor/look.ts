// The editor's look, in the roles of the theme.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const frame = EditorView.theme({
  "&": { color: "var(--fg-strong)", background: "transparent", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit", overflow: "auto" },
  ".cm-content": { caretColor: "var(--accent-fg)", padding: "9px 0" },
  ".cm-line": { padding: "0 12px" },
  ".cm-cursor": { borderLeftColor: "var(--accent-fg)", borderLeftWidth: "1.5px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--accent-line)" },
  ".cm-activeLine": { background: "transparent" },
  ".cm-gutters": {
    background: "transparent",
    border: "0",
    color: "var(--fg-faint)",
    fontFamily: "var(--font-mono)",
    fontSize: "11px",
  },
  ".cm-placeholder": { color: "var(--fg-faint)" },
});

const words = HighlightStyle.define([
  { tag: tags.heading, color: "var(--fg-strong)", fontWeight: "600" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--accent-fg)" },
  { tag: [tags.quote, tags.comment], color: "var(--fg-muted)" },
  { tag: tags.monospace, fontFamily: "var(--font-mono)", color: "var(--tool)" },
  { tag: [tags.processingInstruction, tags.meta, tags.contentSeparator], color: "var(--fg-muted)" },
  { tag: [tags.atom, tags.list], color: "var(--model)" },
]);

export const look = [frame, syntaxHighlighting(words)];

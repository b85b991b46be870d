// Underlines what is wrong in the text, at the line and column that the checker names.
import { type EditorState, type Extension, RangeSetBuilder, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

export interface Place {
  /** Both from 1; the column in characters. */
  readonly line: number;
  readonly column: number;
}

export interface TextProblem extends Place {
  readonly severity: "warning" | "error";
  readonly message: string;
}

/** From the named place to the end of its word; a place past the text is its last one. */
export function rangeOf(state: EditorState, { line, column }: Place): [number, number] {
  const found = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  const before = [...found.text].slice(0, Math.max(0, column - 1)).join("").length;
  const from = found.from + Math.min(before, found.length);
  const word = /^\S+/.exec(found.text.slice(from - found.from))?.[0].length ?? 0;
  // An underline needs something to stand under: at the end of a line that is its last word.
  if (word > 0 || found.length === 0) return [from, from + word];
  const last = /\S+\s*$/.exec(found.text)?.index ?? 0;
  return [found.from + last, found.to];
}

export function underlined(problems: readonly TextProblem[], state: EditorState): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  const ranges = problems
    .map((problem) => ({ problem, range: rangeOf(state, problem) }))
    .sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
  for (const { problem, range } of ranges) {
    const [from, to] = range;
    const place = problem.severity === "error" ? "decoration-bad" : "decoration-warn";
    const spec = {
      class: `underline decoration-wavy decoration-1 underline-offset-4 ${place}`,
      attributes: { title: problem.message },
    };
    if (from < to) marks.add(from, to, Decoration.mark(spec));
  }
  return marks.finish();
}

/** What was found holds for the text that was checked; while one types on, the marks move with their words. */
export function underline(problems: readonly TextProblem[]): Extension {
  return StateField.define<DecorationSet>({
    create: (state) => underlined(problems, state),
    update: (marks, change) => (change.docChanged ? marks.map(change.changes) : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
}

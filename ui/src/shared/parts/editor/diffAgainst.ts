// Shows inside the editor what differs from an earlier text: new words underlined, dropped words struck out where they
// stood. The struck-out words are drawn, not part of the document.
import { type EditorState, type Extension, RangeSetBuilder, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { wordDiff } from "@/shared/format/wordDiff";

class Dropped extends WidgetType {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override eq(other: Dropped): boolean {
    return other.text === this.text;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement("del");
    element.textContent = this.text;
    element.setAttribute("aria-hidden", "true");
    return element;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

const added = Decoration.mark({ tagName: "ins" });

export function differences(before: string, state: EditorState): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  let at = 0;
  for (const piece of wordDiff(before, state.doc.toString())) {
    const length = piece.text.length;
    if (piece.kind === "removed") {
      marks.add(at, at, Decoration.widget({ widget: new Dropped(piece.text), side: -1 }));
    } else {
      if (piece.kind === "added") marks.add(at, at + length, added);
      at += length;
    }
  }
  return marks.finish();
}

export function diffAgainst(before: string): Extension {
  return StateField.define<DecorationSet>({
    create: (state) => differences(before, state),
    update: (marks, change) => (change.docChanged ? differences(before, change.state) : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
}

// A plain-text editor on CodeMirror: the text is the truth, nothing rewrites it.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder as placeholderText,
} from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { codePoint, hiddenPattern } from "@/shared/format/hidden";
import { adoptStyles } from "./adoptStyles";
import { diffAgainst } from "./diffAgainst";
import { markdown } from "./language";
import { look } from "./look";
import { rangeOf, type TextProblem, underline } from "./problems";

export interface TextEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** Names the field for screen readers. */
  label: string;
  language: "markdown" | "plain";
  /** An earlier text; what differs from it is marked while one writes. */
  against?: string;
  readOnly?: boolean;
  placeholder?: string;
  /** What a checker found wrong, underlined at its place. */
  problems?: readonly TextProblem[];
  /** Brings this place into sight and the cursor to it, whenever it is another object. */
  goTo?: { readonly line: number; readonly column: number } | null;
  /** Puts the cursor at the end as soon as the editor is there. */
  focused?: boolean;
}

// Ctrl+Enter belongs to the room: it confirms what was written.
const KEYS = [...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"), ...historyKeymap];

/** Hidden characters in the text, drawn as in HiddenMark. */
const hiddenSigns = highlightSpecialChars({
  specialChars: hiddenPattern(),
  render: (code, description) => {
    const box = document.createElement("span");
    box.className =
      "mx-0.5 inline-block rounded-3 border border-taint-line px-[3px] font-medium font-mono text-11 text-taint leading-[14px]";
    box.textContent = codePoint(code);
    box.title = description ?? "";
    return box;
  },
});

function described(props: TextEditorProps): Extension {
  const { label, readOnly = false, against, placeholder, problems } = props;
  return [
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    against === undefined ? [] : diffAgainst(against),
    placeholder === undefined ? [] : placeholderText(placeholder),
    problems === undefined ? [] : underline(problems),
  ];
}

export function TextEditorBody(props: TextEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changing = useRef(new Compartment());
  const changed = useEffectEvent((text: string) => {
    if (text !== props.value) props.onChange(text);
  });
  const build = useEffectEvent((parent: HTMLElement) => {
    const code = props.language === "markdown";
    adoptStyles(parent.ownerDocument);
    return new EditorView({
      parent,
      state: EditorState.create({
        doc: props.value,
        selection: { anchor: props.focused ? props.value.length : 0 },
        extensions: [
          history(),
          drawSelection(),
          keymap.of(KEYS),
          hiddenSigns,
          EditorView.lineWrapping,
          code ? [markdown(), lineNumbers()] : [],
          look,
          changing.current.of(described(props)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
  });

  useEffect(() => {
    if (!place.current) return;
    const built = build(place.current);
    view.current = built;
    return () => built.destroy();
  }, []);

  const { value, label, readOnly, against, placeholder, problems, goTo } = props;
  const describe = useEffectEvent(() => described(props));
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what describe reads
  useEffect(() => {
    view.current?.dispatch({ effects: changing.current.reconfigure(describe()) });
  }, [label, readOnly, against, placeholder, problems]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!goTo || !editor) return;
    const [anchor] = rangeOf(editor.state, goTo);
    editor.dispatch({ selection: { anchor }, scrollIntoView: true });
    editor.focus();
  }, [goTo]);

  useEffect(() => {
    if (props.focused) view.current?.focus();
  }, [props.focused]);

  return <div ref={place} className="h-full min-h-0" />;
}

import { EditorView } from "@codemirror/view";
import { render, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { TextEditorBody } from "./TextEditorBody";

let outside: (text: string) => void;
const heard: string[] = [];

function Room({ against }: { against?: string }) {
  const [text, setText] = useState("first");
  outside = setText;
  return (
    <TextEditorBody
      label="Draft"
      language="plain"
      value={text}
      onChange={(next) => {
        heard.push(next);
        setText(next);
      }}
      {...(against === undefined ? {} : { against })}
    />
  );
}

function editor(): EditorView {
  const view = EditorView.findFromDOM(screen.getByRole("textbox", { name: "Draft" }));
  if (!view) throw new Error("no editor");
  return view;
}

describe("TextEditor", () => {
  it("tells what was written and takes what comes from outside, without echoing it", async () => {
    heard.length = 0;
    render(<Room />);
    editor().dispatch({ changes: { from: 5, insert: " and more" } });
    expect(heard).toEqual(["first and more"]);
    outside("replaced");
    await screen.findByText("replaced");
    expect(editor().state.doc.toString()).toBe("replaced");
    expect(heard).toEqual(["first and more"]);
  });

  it("marks what differs from the earlier text", () => {
    const { container } = render(<Room against="second" />);
    expect(container.querySelector("del")?.textContent).toBe("second");
    expect(container.querySelector("ins")?.textContent).toBe("first");
    expect(editor().state.doc.toString()).toBe("first");
  });
});

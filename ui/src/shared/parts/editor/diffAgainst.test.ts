import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { differences } from "./diffAgainst";

function shown(before: string, after: string): string[] {
  const state = EditorState.create({ doc: after });
  const out: string[] = [];
  differences(before, state).between(0, after.length, (from, to, mark) => {
    const widget = mark.spec.widget as { text: string } | undefined;
    out.push(widget ? `-${widget.text}@${from}` : `+${after.slice(from, to)}@${from}`);
  });
  return out;
}

describe("diffAgainst", () => {
  it("marks new words and draws dropped ones where they stood", () => {
    expect(shown("so our concentrate steeps", "so it steeps")).toEqual([
      "-our concentrate@3",
      "+it@3",
    ]);
  });

  it("marks nothing in an unchanged text", () => {
    expect(shown("same", "same")).toEqual([]);
  });

  it("draws a text that was dropped entirely", () => {
    expect(shown("all of it", "")).toEqual(["-all of it@0"]);
  });

  it("counts places in the document's own units, also after emoji", () => {
    expect(shown("👩‍🚀 go", "👩‍🚀 stay")).toEqual(["-go@6", "+stay@6"]);
  });
});

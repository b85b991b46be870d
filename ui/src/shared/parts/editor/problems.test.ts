import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { rangeOf, underlined } from "./problems";

const state = EditorState.create({ doc: "name: Mara\n😀 role: x\n\nend " });
const words = (line: number, column: number) => {
  const [from, to] = rangeOf(state, { line, column });
  return state.sliceDoc(from, to);
};

describe("problems in a text", () => {
  it("stand under the word that begins at their place", () => {
    expect([words(1, 1), words(1, 7)]).toEqual(["name:", "Mara"]);
  });

  it("count columns in characters, not in units", () => {
    expect(words(2, 3)).toBe("role:");
  });

  it("stand under the last word where there is nothing at their place", () => {
    expect([words(4, 5), words(9, 99)]).toEqual(["end ", "end "]);
  });

  it("have no place to stand in an empty line, and break nothing there", () => {
    const at = { line: 3, column: 1, severity: "error" as const, message: "" };
    expect(underlined([at, { ...at, line: 1 }], state).size).toBe(1);
  });
});

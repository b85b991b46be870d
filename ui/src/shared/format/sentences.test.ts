import { describe, expect, it } from "vitest";
import { sentences } from "./sentences";

describe("sentences", () => {
  it("begin with a capital, end with a stop, and leave out what says nothing", () => {
    expect(sentences("review was changed; read it again", null, "", "Look first.")).toBe(
      "Review was changed; read it again. Look first.",
    );
    expect(sentences("Is it yours?", 'He said "no."')).toBe('Is it yours? He said "no."');
    expect(sentences()).toBe("");
  });
});

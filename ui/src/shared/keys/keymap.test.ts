import { describe, expect, it } from "vitest";
import { isBare, parseKeys } from "./chord";
import { keysFor, refusal, sound } from "./keymap";
import { ACTIONS, KEY_TABLE } from "./table";

describe("keymap", () => {
  it("ships without a collision", () => {
    for (const action of ACTIONS) {
      expect(refusal(action, KEY_TABLE[action].keys, {}), action).toBeNull();
    }
  });

  it("ships with nothing grave on a bare key", () => {
    const grave = ACTIONS.filter((action) => KEY_TABLE[action].grave);
    expect(grave.flatMap((action) => parseKeys(KEY_TABLE[action].keys)).some(isBare)).toBe(false);
    expect(grave).toContain("stop");
  });

  it("refuses a key that is taken where both could listen", () => {
    expect(refusal("approve", "r", {})).toEqual({ kind: "taken", by: "reject" });
    expect(refusal("approve", "j", {})).toEqual({ kind: "taken", by: "next" });
    expect(refusal("approve", "n", {})).toBeNull();
  });

  it("refuses the beginning of a sequence", () => {
    expect(refusal("approve", "g", {})).toMatchObject({ kind: "taken" });
  });

  it("refuses a bare key for what stops or pays", () => {
    expect(refusal("stop", "q", {})).toEqual({ kind: "bare" });
  });

  it("frees a key once its owner has moved", () => {
    expect(refusal("approve", "r", { reject: "q" })).toBeNull();
  });

  it("drops what an older version left behind", () => {
    const stored = { approve: "y", gone: "b", edit: 7, stop: "q", reject: "y" };
    const kept = sound(stored);
    expect(kept).toEqual({ approve: "y" });
    expect(keysFor("reject", kept)).toBe("r");
    expect(sound(null)).toEqual({});
  });
});

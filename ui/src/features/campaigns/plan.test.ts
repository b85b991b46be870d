// Proves what may be done to a plan, and that circles are found with the steps in them.
import { describe, expect, it } from "vitest";
import {
  circleOf,
  circleWords,
  flawOf,
  freeKey,
  fromField,
  isAmount,
  linked,
  newStep,
  type Step,
  sumsOf,
  taintedKeys,
  toField,
  unlinked,
  without,
} from "./plan";

function step(
  key: string,
  kind: Step["kind"],
  needs: string[] = [],
  more: Partial<Step> = {},
): Step {
  return {
    key,
    title: key.toUpperCase(),
    kind,
    skill: "s",
    max_cost: "0.05",
    estimated_cost: "0.012",
    needs,
    ...more,
  };
}

const PLAN = [
  step("r", "analyze_trends"),
  step("d", "generate_caption", ["r"]),
  step("p", "publish_post", ["d"], { platform: "sandbox" }),
];
const needs = (steps: readonly Step[]) => steps.map(({ key, needs: of }) => [key, of]);

describe("circles", () => {
  it("are named from the refused step back to itself", () => {
    expect(circleOf(PLAN, "p", "r")).toEqual(["p", "r", "d", "p"]);
    expect(circleWords(PLAN, ["p", "r", "d", "p"])).toBe("P → R → D → P");
    expect(circleOf(PLAN, "d", "d")).toEqual(["d", "d"]);
    expect(circleOf(PLAN, "r", "p")).toBeNull();
  });

  it("are never made", () => {
    expect(linked(PLAN, "p", "r")).toBe(PLAN);
  });
});

describe("changing a plan", () => {
  it("connects, disconnects and removes, and nothing takes from what is gone", () => {
    expect(needs(linked(PLAN, "r", "p"))).toEqual([
      ["r", []],
      ["d", ["r"]],
      ["p", ["d", "r"]],
    ]);
    expect(needs(unlinked(PLAN, "r", "d"))[1]).toEqual(["d", []]);
    expect(needs(without(PLAN, "d"))).toEqual([
      ["r", []],
      ["p", []],
    ]);
  });

  it("gives a new step a key of its own, after the chosen one and on its network", () => {
    const made = newStep(
      PLAN,
      "New",
      { name: "write_post", kind: "generate_caption" },
      PLAN[2] ?? null,
    );
    expect(made).toMatchObject({ key: "step-1", needs: ["p"], platform: "sandbox" });
    expect(freeKey([...PLAN, made])).toBe("step-2");
  });
});

describe("sums", () => {
  it("are exact, and a half-typed amount does not break them", () => {
    expect(sumsOf(PLAN)).toEqual({ likely: "0.036", most: "0.15", capped: "0.15", posts: 1 });
    expect(sumsOf([step("x", "peer_review", [], { max_cost: "1." })]).most).toBe("0.00");
    // One step without a cap is enough: together they have none.
    expect(sumsOf([...PLAN, step("x", "peer_review", [], { max_cost: null })]).most).toBeNull();
    expect(["2", "0.05", "-1", "x", "", "1.0000000001"].map(isAmount)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("text from outside", () => {
  it("flows into all that builds on a step that reads feeds", () => {
    const alone = step("a", "generate_caption");
    expect([...taintedKeys([...PLAN, alone])].sort()).toEqual(["d", "p", "r"]);
  });
});

describe("flaws", () => {
  const now = Date.parse("2026-05-21T10:00:00Z");
  it("are what cannot start as it is", () => {
    const at = (change: Partial<Step>) =>
      flawOf(PLAN, { ...step("d", "publish_post", ["w"]), ...change }, now);
    expect(at({ platform: "sandbox" })).toBeNull();
    expect(at({})).toEqual({ is: "platform" });
    expect(at({ title: " " })).toEqual({ is: "title" });
    expect(at({ max_cost: "a lot" })).toEqual({ is: "cost" });
    expect(at({ platform: "sandbox", max_cost: null })).toBeNull();
    expect(at({ platform: "sandbox", publish_at: "2026-05-21T09:00:00Z" })).toEqual({ is: "past" });
  });

  it("name the step that would publish before this one is ready", () => {
    const late = step("d", "generate_caption", [], { deadline: "2026-05-23T10:00:00Z" });
    const soon = step("p", "publish_post", ["d"], { publish_at: "2026-05-22T10:00:00Z" });
    expect(flawOf([late, soon], late, now)).toEqual({ is: "late", step: "P" });
  });
});

describe("times", () => {
  it("go into a local field and come back, to the minute", () => {
    expect(fromField(toField("2026-05-21T10:15:00.000Z"))).toBe("2026-05-21T10:15:00.000Z");
    expect([toField(null), fromField("")]).toEqual(["", null]);
  });
});

describe("a step that leads nowhere", () => {
  const read = step("read", "analyze_trends");
  const draft = step("draft", "generate_caption", ["read"]);
  const out = step("out", "publish_post", ["draft"], { platform: "sandbox" });

  it("is a thing to fix where something goes out, and publishing needs something to send", () => {
    const lost = step("lost", "generate_caption", ["read"]);
    expect(flawOf([read, draft, lost, out], lost, 0)).toEqual({ is: "nowhere" });
    expect(flawOf([read, draft, out], draft, 0)).toBeNull();
    expect(flawOf([read], read, 0)).toBeNull();
    const bare = step("bare", "publish_post", [], { platform: "sandbox" });
    expect(flawOf([bare], bare, 0)).toEqual({ is: "nothing" });
  });
});

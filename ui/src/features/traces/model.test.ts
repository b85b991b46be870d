// Proves how runs and spans of the API are read for drawing.
import { describe, expect, it } from "vitest";
import {
  drawnSpan,
  plainName,
  type Run,
  runsFound,
  type SpanWords,
  sumOf,
  underParents,
  type WireSpan,
  written,
} from "./model";

const WORDS: SpanWords = {
  plan: "Plan",
  judge: "Judge",
  approval: "Wait",
  cancelled: "called off",
  characters: (count) => `${count} characters`,
  steps: (count) => `${count} steps`,
  risk: (level) => `${level} risk`,
  short: String,
};

function span(change: Partial<WireSpan>): WireSpan {
  return {
    span: "a",
    parent: null,
    kind: "model",
    name: "chat rehearsal-1",
    status: "ok",
    started_at: "2026-05-21T10:00:01.000Z",
    ended_at: "2026-05-21T10:00:03.500Z",
    attributes: {},
    ...change,
  };
}

const ASKED = {
  "chimera.ask": "plan",
  "chimera.cost_usd": "0.014",
  "gen_ai.usage.input_tokens": 1907,
  "gen_ai.usage.output_tokens": 515,
};

describe("spans", () => {
  it("are placed from the first one's start, with their tokens and what was asked", () => {
    const began = Date.parse("2026-05-21T10:00:00Z");
    expect(drawnSpan(span({ attributes: ASKED }), began, WORDS)).toEqual({
      id: "a",
      parent: null,
      name: "plan",
      kind: "model",
      start: 1_000,
      end: 3_500,
      note: "rehearsal-1",
      tokens: "1907 / 515",
    });
  });

  it("have the model's name where nobody said what it was asked", () => {
    const { name, note } = drawnSpan(span({}), 0, WORDS);
    expect([name, note]).toEqual(["rehearsal-1", undefined]);
  });

  it("stay open while they wait, and are marked when they failed", () => {
    const began = Date.parse("2026-05-21T10:00:01Z");
    const wait = span({ kind: "approval", name: "approval", status: "open", ended_at: null });
    expect(drawnSpan(wait, began, WORDS)).toMatchObject({ name: "Wait", end: null });
    expect(drawnSpan(span({ status: "error" }), began, WORDS)).toMatchObject({ failed: true });
  });

  it("lose the operation before their name", () => {
    expect(plainName("invoke_workflow Cold brew")).toBe("Cold brew");
    expect(plainName("execute_tool sandbox.post_content")).toBe("sandbox.post_content");
    expect(plainName("chat")).toBe("chat");
  });
});

describe("a run's sums", () => {
  it("add costs exactly and say who is waited for", () => {
    const wait = span({
      kind: "approval",
      status: "open",
      ended_at: null,
      attributes: { "chimera.review.id": "r1" },
    });
    const twice = [span({ attributes: ASKED }), span({ attributes: ASKED }), wait];
    expect(sumOf(twice)).toEqual({
      state: "waitsForPerson",
      cost: "0.028",
      input: 3_814,
      output: 1_030,
      calls: 2,
      rehearsal: false,
      estimated: false,
      review: "r1",
    });
  });

  it("have no cost where nobody was asked, and fail with any failed span", () => {
    const sum = sumOf([span({ kind: "tool", status: "error" })]);
    expect([sum.cost, sum.state]).toEqual([null, "failed"]);
  });
});

describe("finding runs", () => {
  const run = (name: string, trace: string) => ({ name, trace }) as Run;
  const runs = [run("invoke_workflow Cold brew", "01ab"), run("invoke_workflow Grinders", "77cd")];
  it("looks at every word, in name and number", () => {
    expect(runsFound(runs, "brew COLD")).toEqual([runs[0]]);
    expect(runsFound(runs, "77c")).toEqual([runs[1]]);
    expect(runsFound(runs, "workflow")).toEqual([]);
    expect(runsFound(runs, " ")).toEqual(runs);
  });
});

describe("attributes", () => {
  it("are written on lines, also when they are JSON in a text, and as they are otherwise", () => {
    expect(written('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(written("{not json")).toBe("{not json");
    expect(written({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
  });
});

it("draws what was over before its parent began beside it, not within it", () => {
  const of = (id: string, parent: string | null, start: number, end: number | null) => ({
    id,
    parent,
    name: id,
    kind: "tool" as const,
    start,
    end,
  });
  const drawn = underParents([
    of("run", null, 60, null),
    of("plan", "run", 0, 2),
    of("a", "run", 61, 70),
  ]);
  expect(drawn.map(({ parent }) => parent)).toEqual([null, null, "run"]);
});

// Proves that what a person decided is never drawn as a failure.
import { describe, expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { type DrawWords, drawnSteps, hasFailed, standsOf, toLookAt, toneOf } from "./drawn";
import type { Step } from "./plan";

const fault = (code: string): Wire<"Fault"> =>
  ({
    code,
    class: "validation",
    message: "m",
    hint: null,
  }) as unknown as Wire<"Fault">;

describe("how a step stands", () => {
  it("is rejected, not failed, where a person rejected it", () => {
    const rejected = { state: "failed", fault: fault("REJECTED_BY_REVIEW") } as const;
    expect(standsOf(rejected)).toBe("rejected");
    expect(toneOf(standsOf(rejected))).toBe("neutral");
    expect(hasFailed(rejected)).toBe(false);
  });

  it("is failed where it failed, and no fault of its own where it was called off after another", () => {
    const failed = { state: "failed", fault: fault("TOOL_FAILED") } as const;
    expect([standsOf(failed), hasFailed(failed)]).toEqual(["failed", true]);
    expect(hasFailed({ state: "cancelled", fault: fault("DEPENDENCY_ENDED") })).toBe(false);
    expect(hasFailed({ state: "completed", fault: null })).toBe(false);
  });
});

it("opens on the step that asks for a look: a failure, then a decision, then what is under way", () => {
  const task = (id: string, state: Wire<"TaskState">, code?: string) => ({
    id,
    state,
    fault: code ? fault(code) : null,
  });
  const done = task("done", "completed");
  const works = task("works", "working");
  const waits = task("waits", "reviewing");
  const rejected = task("rejected", "failed", "REJECTED_BY_REVIEW");
  const failed = task("failed", "failed", "TOOL_FAILED");
  expect(toLookAt([done, rejected, works, waits, failed])).toBe(failed);
  expect(toLookAt([done, rejected, works, waits])).toBe(waits);
  expect(toLookAt([done, rejected, works])).toBe(works);
  expect(toLookAt([done, rejected])).toBe(done);
  expect(toLookAt([])).toBeUndefined();
});

it("names a step's skill by its title, and where its result goes", () => {
  const words = {
    phase: (phase) => phase,
    flaw: (flaw) => flaw.is,
    amount: (amount) => amount,
    when: () => null,
    skill: (name) => `<${name}>`,
    network: (platform) => `[${platform}]`,
  } satisfies DrawWords;
  const step = (key: string, platform: Step["platform"]) =>
    ({ key, title: key, kind: "publish_post", skill: "publish_content", platform }) as Step;
  const drawn = drawnSteps([step("a", null), step("b", "sandbox")], words, 0);
  expect(drawn.map(({ detail }) => detail)).toEqual([
    "<publish_content>",
    "<publish_content>, [sandbox]",
  ]);
});

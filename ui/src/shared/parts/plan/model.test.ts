import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeSteps, STEP_H, STEP_W } from "./layout";
import { linkRefusal, type PlanLink, type PlanStep, phasesOf } from "./model";

const link = (from: string, to: string): PlanLink => ({ from, to });
const step = (id: string, phase?: string): PlanStep => ({
  id,
  name: id,
  detail: "",
  look: "plain",
  gate: "rule",
  ...(phase ? { phase } : {}),
});

describe("linkRefusal", () => {
  const chain = [link("a", "b"), link("b", "c"), link("a", "d")];

  it("refuses circles of any length, itself, and the same link twice", () => {
    expect(linkRefusal(chain, "c", "a")).toBe("circle");
    expect(linkRefusal(chain, "b", "a")).toBe("circle");
    expect(linkRefusal(chain, "a", "a")).toBe("itself");
    expect(linkRefusal(chain, "a", "b")).toBe("twice");
  });

  it("takes shortcuts and joins", () => {
    expect(linkRefusal(chain, "a", "c")).toBeNull();
    expect(linkRefusal(chain, "d", "c")).toBeNull();
  });

  it("never lets a graph become circular, whatever is asked of it", () => {
    const node = fc.integer({ min: 0, max: 7 }).map(String);
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 40 }), (wishes) => {
        const links: PlanLink[] = [];
        for (const [from, to] of wishes)
          if (!linkRefusal(links, from, to)) links.push(link(from, to));
        // Taking away what nothing feeds, again and again, leaves nothing only if there is no circle.
        let left = links;
        for (let size = -1; size !== left.length; ) {
          size = left.length;
          const fed = new Set(left.map(({ to }) => to));
          left = left.filter(({ from }) => fed.has(from));
        }
        expect(left).toEqual([]);
      }),
    );
  });
});

describe("placeSteps", () => {
  const steps = ["read", "logs", "write", "judge"].map((id) => step(id));
  const links = [link("read", "write"), link("logs", "write"), link("write", "judge")];

  it("puts what feeds to the left of what is fed, and nothing on top of another", () => {
    const places = placeSteps(steps, links);
    const at = (id: string) => places.get(id) ?? { x: Number.NaN, y: Number.NaN };
    for (const { from, to } of links) expect(at(from).x + STEP_W).toBeLessThan(at(to).x);
    expect(Math.abs(at("read").y - at("logs").y)).toBeGreaterThanOrEqual(STEP_H);
  });

  it("puts the first of a column on top", () => {
    const posts = ["read", "write-1", "send-1", "write-2", "send-2"].map((id) => step(id));
    const places = placeSteps(posts, [
      link("read", "write-1"),
      link("write-1", "send-1"),
      link("read", "write-2"),
      link("write-2", "send-2"),
    ]);
    const y = (id: string) => places.get(id)?.y ?? Number.NaN;
    expect(y("write-1")).toBeLessThan(y("write-2"));
    expect(y("send-1")).toBeLessThan(y("send-2"));
  });

  it("places steps that nothing connects, and ignores links to unknown steps", () => {
    const places = placeSteps([step("alone")], [link("alone", "gone")]);
    expect(places.get("alone")).toEqual({ x: 0, y: 0 });
  });
});

describe("phasesOf", () => {
  const x: Record<string, number> = { a: 0, b: 200, c: 400 };
  const at = (id: string) => x[id] ?? 0;

  it("titles phases that follow each other", () => {
    expect(phasesOf([step("a", "Read"), step("b", "Write"), step("c", "Write")], at)).toEqual([
      { title: "Read", x: 0 },
      { title: "Write", x: 200 },
    ]);
  });

  it("gives no titles where phases overlap", () => {
    expect(phasesOf([step("a", "Read"), step("b", "Write"), step("c", "Read")], at)).toEqual([]);
  });
});

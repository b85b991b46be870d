import { expect, test } from "vitest";
import type { Wire } from "@/ipc/api";
import { aimsOf, edgeOf, labelled } from "./flow";

const own: Wire<"Label"> = {
  origin: { kind: "operator" },
  via: "goal",
  name: "the campaign",
  untrusted: false,
  private: null,
};
const feed: Wire<"Label"> = {
  origin: { kind: "untrusted", source: "https://a.example" },
  via: "feed",
  name: "https://a.example",
  untrusted: true,
  private: null,
};
const host: Wire<"Label"> = { ...own, via: "host", name: "Chimera" };
const known: Wire<"Label"> = { ...own, origin: { kind: "memory" }, private: "knowledge" };

function aim(at: string, labels: number[], words = false): Wire<"ArgumentOrigin"> {
  return { at, value: at, labels, untrusted: false, words };
}

test("what a stranger may have shaped is drawn as a stranger's, whoever wrote it", () => {
  expect([own, feed, known].map(edgeOf)).toEqual(["operator", "untrusted", "tool"]);
  expect(edgeOf({ ...own, origin: { kind: "model" }, untrusted: true })).toBe("untrusted");
});

test("an argument shows the worst of its labels; words and what the host fills in have no row", () => {
  const provenance: Wire<"Provenance"> = {
    labels: [own, feed, host, known],
    arguments: [
      aim("account", [0]),
      aim("/content/reply_to_id", [0, 1]),
      aim("/content/text", [0, 1], true),
      aim("/task_id", [2]),
    ],
    sentences: [],
  };
  expect(aimsOf(provenance)).toEqual({
    rows: [
      { name: "account", value: "account", origin: "operator", via: "goal" },
      {
        name: "content/reply_to_id",
        value: "/content/reply_to_id",
        origin: "untrusted",
        via: "feed",
      },
    ],
    byHost: 1,
  });
  expect(labelled(provenance)).toEqual({ untrusted: 1, kept: 1 });
  expect(labelled(null)).toEqual({ untrusted: 0, kept: 0 });
});

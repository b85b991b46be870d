import { expect, it } from "vitest";
import { instructionsOf, messagesOf } from "./messages";

it("reads every turn of a conversation", () => {
  const turns = [
    { role: "user", parts: [{ type: "text", content: "Read the feeds." }] },
    {
      role: "assistant",
      parts: [{ type: "tool_call", id: "c1", name: "fetch_trends", arguments: { n: 1 } }],
    },
    { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "id: a" }] },
  ];
  expect(messagesOf(turns)).toEqual([
    { at: 0, role: "user", tool: null, text: "Read the feeds." },
    { at: 1, role: "assistant", tool: "fetch_trends", text: '{\n  "n": 1\n}' },
    { at: 2, role: "tool", tool: null, text: "id: a" },
  ]);
});

it("reads what stands before it, and what an older span kept as text", () => {
  expect(instructionsOf([{ type: "text", content: "Be kind." }])).toEqual([
    { at: 0, role: "system", tool: null, text: "Be kind." },
  ]);
  expect(messagesOf("Done.")).toEqual([{ at: 0, role: "assistant", tool: null, text: "Done." }]);
});

it("shows nothing of what is no conversation", () => {
  expect([null, undefined, 1, {}, [1, null, {}]].flatMap((value) => messagesOf(value))).toEqual([]);
});

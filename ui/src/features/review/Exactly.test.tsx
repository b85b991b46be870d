import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { Exactly } from "./Exactly";

type Field = Wire<"ShownField">;
type Sign = Wire<"Sign">;

const DIGEST = `sha256:${"ab".repeat(32)}`;

function plain(text: string): Sign {
  return { kind: "plain", text, code: null, name: null, count: 1 };
}

function odd(kind: Sign["kind"], text: string, code: string, name: string, count = 1): Sign {
  return { kind, text, code, name, count };
}

function field(path: string, value: Sign[]): Field {
  const length = value.reduce((sum, sign) => sum + [...sign.text].length * sign.count, 0);
  const marked = value.filter(({ kind }) => kind !== "plain");
  return { path, value, chars: length, odd: marked.reduce((sum, { count }) => sum + count, 0) };
}

function show(fields: Field[], bound = DIGEST) {
  const { container } = render(
    <Exactly shown={{ digest: DIGEST, bytes: 321, fields }} bound={bound} />,
  );
  return container;
}

it("names what cannot be seen and what is taken for something else, and takes nothing out", () => {
  show([
    field("action.arguments.content.text", [
      plain("send to r"),
      odd("look_alike", "а", "U+0430", "Cyrillic letter that looks like a"),
      plain("y"),
      odd("bidi", "\u202e", "U+202E", "right-to-left override"),
      plain("moc.live"),
      odd("zero_width", "\u200b", "U+200B", "zero width space", 3),
      odd("tag", "\u{e0070}", "U+E0070", "tag p"),
    ]),
  ]);
  const row = screen.getByRole("listitem");
  const drawn = row.textContent ?? "";
  expect(drawn).toContain("Cyrillic letter that looks like a");
  expect(drawn).toContain("right-to-left override");
  expect(drawn).toContain("zero width space ×3");
  expect(drawn).toContain("tag p");
  expect(within(row).getByText("6 odd signs")).toBeDefined();
  // The turning sign itself is not in the page: it would turn what stands behind it.
  expect(drawn).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/u);
  expect(drawn).toContain("moc.live");
});

it("keeps a long text in an area of its own, with its count, so that every other field stays in reach", () => {
  const long = "very ".repeat(4_000);
  show([
    field("action.arguments.content.text", [plain(long)]),
    field("action.arguments.disclosure.sponsor", [plain("Acme")]),
  ]);
  const area = screen.getByRole("group", { name: "action.arguments.content.text" });
  expect(area.className).toMatch(/max-h-24.*overflow-auto/);
  expect(area.textContent).toBe(long);
  expect(area.tabIndex).toBe(0);
  expect(screen.getByText("20,000 characters")).toBeDefined();
  expect(screen.getByText("action.arguments.disclosure.sponsor")).toBeDefined();
  expect(screen.getByText("Acme")).toBeDefined();
});

it("draws markup and addresses as text: nothing is loaded and nothing can be followed", () => {
  const container = show([
    field("payload.content.text", [
      plain(
        '<img src="http://evil.example/x.png" onerror="alert(1)"><a href="http://evil.example">here</a>',
      ),
    ]),
  ]);
  expect(container.querySelectorAll("img, a, iframe, script, object, video")).toHaveLength(0);
  expect(container.textContent).toContain('<img src="http://evil.example/x.png"');
});

it("warns when the bytes are not those that were put up for review", () => {
  show([field("type", [plain("post_intent")])], `sha256:${"cd".repeat(32)}`);
  expect(screen.getByRole("alert").textContent).toContain("Do not decide");
});

import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { SafeMarkdownBody } from "./SafeMarkdownBody";

const html = (text: string) => render(<SafeMarkdownBody text={text} />).container.innerHTML;

describe("SafeMarkdown", () => {
  it("lets no HTML through, written or hidden in Markdown", () => {
    const out = html(
      [
        "hello <b onclick=alert(1)>you</b>",
        "<script>alert(1)</script>",
        '<iframe src="https://evil.example"></iframe>',
        "[go](javascript:alert(1)) [data](data:text/html,x) <https://ok.example>",
        '<a href="https://x.example" style="position:fixed">x</a>',
      ].join("\n\n"),
    );
    expect(out).not.toMatch(/<script|<iframe|<b |onclick|javascript:|data:text|style=|href=/i);
    expect(out).toContain("hello");
  });

  it("loads no picture", () => {
    const { container } = render(
      <SafeMarkdownBody text="![a cat](https://tracker.example/p.gif) ![x][1]\n\n[1]: //t.example/q" />,
    );
    expect(container.querySelector("img")).toBeNull();
    expect(container.innerHTML).not.toContain("tracker.example");
    expect(screen.getByText("picture not loaded: a cat")).toBeDefined();
  });

  it("shows where a link really leads, and follows it only through the caller", async () => {
    const open = vi.fn();
    const { rerender } = render(<SafeMarkdownBody text="[my bank](https://evil.example/a)" />);
    expect(screen.getByText("evil.example")).toBeDefined();
    expect(screen.queryByRole("button")).toBeNull();
    rerender(<SafeMarkdownBody text="[my bank](https://evil.example/a)" onOpenLink={open} />);
    await userEvent.click(screen.getByRole("button"));
    expect(open.mock.calls).toEqual([["https://evil.example/a"]]);
  });

  it("draws hidden characters, and takes no box from the text itself", () => {
    const { container } = render(
      <SafeMarkdownBody text={'pay\u202e **now\u200b** <hidden-sign code="U+1"></hidden-sign>'} />,
    );
    expect(screen.getByText("U+202E")).toBeDefined();
    expect(screen.getByText("U+200B")).toBeDefined();
    expect(container.textContent).not.toContain("U+1 ");
    expect(container.textContent).not.toMatch(/[\u202e\u200b]/);
  });

  it("keeps the structure that people wrote", () => {
    const { container } = render(
      <SafeMarkdownBody text={"# Voice\n\n- precise\n- `dry`\n\n> log"} />,
    );
    const names = [...container.querySelectorAll("h1,li,code,blockquote")].map((n) => n.nodeName);
    expect(names).toEqual(["H1", "LI", "LI", "CODE", "BLOCKQUOTE"]);
  });
});

import { describe, expect, it } from "vitest";
import { type Command, grouped } from "./commands";

const command = (id: string, group: string): Command => ({ id, group, label: id, run: () => {} });

describe("grouped", () => {
  it("puts commands of one group together, whoever offered them", () => {
    const offered = new Map([
      ["frame", [command("home", "Go to"), command("dark", "Look")]],
      ["review", [command("approve", "Run"), command("next", "Go to")]],
    ]);
    const shown = grouped(offered).map(([group, list]) => [group, list.map(({ id }) => id)]);
    expect(shown).toEqual([
      ["Go to", ["home", "next"]],
      ["Look", ["dark"]],
      ["Run", ["approve"]],
    ]);
  });
});

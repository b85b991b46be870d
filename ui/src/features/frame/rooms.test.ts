import { describe, expect, it } from "vitest";
import { KEY_TABLE } from "@/shared/keys/table";
import { ROOMS, type RoomId, roomAt, sectionsOf } from "./rooms";

describe("rooms", () => {
  it("keeps few rooms in the backend's order, settings apart", () => {
    expect(sectionsOf(["home", "review", "policies", "personas", "settings"])).toEqual([
      { heading: null, rooms: ["home", "review", "policies", "personas"] },
      { heading: null, rooms: ["settings"] },
    ]);
  });

  it("groups many rooms and loses none", () => {
    const all = Object.keys(ROOMS) as RoomId[];
    const sections = sectionsOf(all);
    expect(sections.map(({ heading }) => heading)).toEqual([null, "run", "watch", "setup"]);
    expect(sections.flatMap(({ rooms }) => rooms).sort()).toEqual([...all].sort());
  });

  it("knows in which room an address lies", () => {
    expect(["/", "/review", "/review/0199", "/reviewers", "/gallery"].map(roomAt)).toEqual([
      "home",
      "review",
      "review",
      null,
      null,
    ]);
    expect(["/network", "/network/p1", "/content"].map(roomAt)).toEqual(Array(3).fill("content"));
  });

  it("gives every room a key of its own", () => {
    const keys = Object.values(ROOMS).map(({ go }) => KEY_TABLE[go].keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

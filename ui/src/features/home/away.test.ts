import { describe, expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { decided, expired, failures, finished, incidentsSince, perHour, published } from "./away";
import { awaySpan } from "./span";

const since = Date.parse("2026-05-21T08:00:00Z");
const before = "2026-05-21T07:00:00Z";
const after = "2026-05-21T09:30:00Z";

function effect(change: object): Wire<"Effect"> {
  return {
    state: "sent",
    created_at: after,
    updated_at: after,
    receipt: { received_at: after, post_id: "p", url: null },
    approval: { kind: "by_person" },
    ...change,
  } as Wire<"Effect">;
}

function review(change: object): Wire<"Review"> {
  return { state: "approved", created_at: before, decided_at: after, ...change } as Wire<"Review">;
}

describe("what happened", () => {
  it("counts what was received since, however long before it was made", () => {
    const items = [
      effect({ created_at: before }),
      effect({ approval: { kind: "by_rule" } }),
      effect({ receipt: { received_at: before } }),
      effect({ state: "held", receipt: null }),
    ];
    expect(published({ items, next: null }, since)).toEqual({
      count: { value: 2, orMore: false },
      byRule: 1,
    });
  });

  it("says that there may be more only when the page ends after the moment", () => {
    const more = { items: [effect({})], next: "cursor" };
    expect(published(more, since).count.orMore).toBe(true);
    const older = { items: [effect({}), effect({ created_at: before })], next: "cursor" };
    expect(published(older, since).count.orMore).toBe(false);
    expect(published(undefined, since)).toEqual({
      count: { value: 0, orMore: false },
      byRule: 0,
    });
  });

  it("keeps what failed apart from what was taken back, and names what nobody knows", () => {
    const states = ["failed", "pending_reconciliation", "undone", "voided", "sent"];
    const items = states.map((state) => effect({ state }));
    expect(failures({ items }, since)).toEqual({
      failed: { value: 2, orMore: false },
      unclear: 1,
      undone: { value: 2, orMore: false },
    });
  });

  it("counts decisions by who made them", () => {
    const by = (name: string) => ({ decided_by: { id: name, name } });
    const approved = { items: [review(by("Jonas")), review(by("Inga")), review(by("Inga"))] };
    const rejected = {
      items: [
        review({ ...by("Inga"), state: "rejected" }),
        review({ ...by("Jonas"), decided_at: before }),
      ],
    };
    expect(decided([approved, undefined, rejected], since)).toEqual({
      count: { value: 4, orMore: false },
      rejected: 1,
      byWhom: [
        { name: "Inga", count: 3 },
        { name: "Jonas", count: 1 },
      ],
    });
  });

  it("takes the end of the time as the moment of an expiry", () => {
    const items = [
      review({ decided_at: null, expires_at: after }),
      review({ decided_at: null, expires_at: before }),
    ];
    expect(expired({ items }, since).value).toBe(1);
  });

  it("counts security events and finished campaigns since then", () => {
    const incidents = [
      { created_at: after, blocked: true },
      { created_at: after, blocked: false },
      { created_at: before, blocked: true },
    ] as Wire<"Incident">[];
    expect(incidentsSince({ items: incidents }, since)).toEqual({
      count: { value: 2, orMore: false },
      blocked: 1,
    });
    const campaigns = [{ updated_at: after }, { updated_at: before }] as Wire<"Campaign">[];
    expect(finished({ items: campaigns }, since).value).toBe(1);
  });
});

it("puts each post into the hour in which it was received", () => {
  const now = Date.parse("2026-05-21T09:45:00Z");
  const at = (received_at: string, kind: string) =>
    effect({ receipt: { received_at }, approval: { kind } });
  const items = [
    at("2026-05-21T09:30:00Z", "by_rule"),
    at("2026-05-21T09:59:00Z", "by_person_edited"),
    at("2026-05-20T10:00:00Z", "by_person"),
    at("2026-05-20T09:59:59Z", "by_person"),
    effect({ state: "failed" }),
  ];
  const hours = perHour({ items }, now);
  expect(hours).toHaveLength(24);
  expect(hours[23]).toMatchObject({ byRule: 1, byPerson: 1 });
  expect(hours[0]).toMatchObject({ byRule: 0, byPerson: 1 });
  expect(hours.reduce((sum, { byRule, byPerson }) => sum + byRule + byPerson, 0)).toBe(3);
});

it("writes a stretch of time in its two largest units", () => {
  const minute = 60_000;
  const shown = [0, 5, 60, 65, 24 * 60, 26 * 60 + 7].map((m) => awaySpan(m * minute, "en"));
  expect(shown).toEqual(["0m", "5m", "1h", "1h 5m", "1d", "1d 2h"]);
});

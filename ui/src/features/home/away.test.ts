import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { incidentsSince, perHour } from "./away";
import { awaySpan } from "./span";

const since = Date.parse("2026-05-21T08:00:00Z");

it("counts security events since then, and says when there may be more", () => {
  const event = (created_at: string, blocked: boolean) =>
    ({ created_at, blocked }) as Wire<"Incident">;
  const after = [event("2026-05-21T09:00:00Z", true), event("2026-05-21T08:30:00Z", false)];
  const before = event("2026-05-21T07:00:00Z", true);
  expect(incidentsSince({ items: [...after, before], next: "cursor" }, since)).toEqual({
    value: 2,
    blocked: 1,
    orMore: false,
  });
  expect(incidentsSince({ items: after, next: "cursor" }, since).orMore).toBe(true);
  expect(incidentsSince({ items: after, next: null }, since).orMore).toBe(false);
});

it("puts each post into the hour in which it was received", () => {
  const sent = (received_at: string, kind: string, state = "sent") =>
    ({ state, receipt: { received_at }, approval: { kind } }) as Wire<"Effect">;
  const hours = perHour(
    [
      sent("2026-05-21T09:30:00Z", "by_rule"),
      sent("2026-05-21T09:59:00Z", "by_person_edited"),
      sent("2026-05-20T10:00:00Z", "by_person"),
      sent("2026-05-20T09:59:59Z", "by_person"),
      sent("2026-05-21T09:00:00Z", "by_rule", "failed"),
    ],
    Date.parse("2026-05-21T09:45:00Z"),
  );
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

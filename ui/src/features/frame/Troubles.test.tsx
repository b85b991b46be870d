import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { Troubles } from "./Troubles";

const trouble = {
  part: "model",
  code: "MODEL_CIRCUIT_OPEN",
  what: "No model answers",
  since: "2026-11-22T12:03:00Z",
  waits: "Planning, drafting and judging wait.",
  goes_on: "Reviews, approvals and publishing go on.",
  detail: "status 503",
  next_try: "2026-11-22T12:03:30Z",
  agent: null,
};

it("says of a disk in trouble what to do, and leads to no room that could not help", async () => {
  const disk = {
    ...trouble,
    part: "disk",
    code: "STORE_FULL",
    what: "There is no room for the database",
    since: null,
    waits: "Nothing can be stored.",
    goes_on: "Everything that was there can be read.",
    detail: "Make room on its disk.",
    next_try: null,
  };
  await renderRoom(<Troubles me={OWNER} />, {
    "GET /api/v1/status": { degraded: true, troubles: [disk, trouble], at: "2026-11-22T12:04:00Z" },
  });
  const strip = await screen.findByRole("status", { name: "What does not work" });
  expect(strip.textContent).toContain(
    "There is no room for the database: Nothing can be stored. Everything that was there can be read. Make room on its disk.",
  );
  expect(strip.querySelectorAll("li")).toHaveLength(2);
  expect(screen.queryByRole("link")).toBeNull();
});

it("says what does not work and what does, and clears by itself", async () => {
  const { backend } = await renderRoom(<Troubles me={OWNER} />, {
    "GET /api/v1/status": { degraded: true, troubles: [trouble], at: "2026-11-22T12:04:00Z" },
  });
  const strip = await screen.findByRole("status", { name: "What does not work" });
  expect(strip.textContent).toContain("No model answers since ");
  expect(strip.textContent).toContain(
    "Planning, drafting and judging wait. Reviews, approvals and publishing go on.",
  );
  backend.now({
    "GET /api/v1/status": { degraded: false, troubles: [], at: "2026-11-22T12:05:00Z" },
  });
  backend.fact({ type: "settings_changed", area: "status" });
  await waitFor(() => expect(screen.queryByRole("status")).toBeNull());
});

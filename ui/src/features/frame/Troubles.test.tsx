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

import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, onTestFinished, vi } from "vitest";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { ChainStrip } from "./ChainStrip";

const report = {
  standing: "anchored",
  intact: true,
  complete: true,
  pruned: null as object | null,
  sealed: 1200,
  unsealed: 0,
  checkpoints: 40,
  head: "sha256:00",
  began_at: "2026-05-21T08:00:00Z",
  sealed_late: 0,
  key: "ed25519:07",
  key_trusted: true,
  anchored_to: 1190,
  findings_total: 0,
  findings: [] as object[],
};
const check = {
  begun_at: "2026-05-21T08:00:00Z",
  ended_at: "2026-05-21T08:00:01Z",
  by: { kind: "person", id: "u1", name: "Inga Reuter" },
  report: report as object | null,
  problems: [] as object[],
  unreadable_anchors: 0,
};
const chain = {
  sealing: { state: "signed", key: "ed25519:07", problem: null },
  sealed: 1200,
  checkpoints: 40,
  sealed_at: "2026-05-21T08:00:00Z",
  unsealed: 0,
  anchoring: { file: "/mnt/vault/anchors.jsonl", kept_to: 1190, kept_at: null, problem: null },
  checking: null as object | null,
  last_check: null as object | null,
};

const shows = (change: object, me = OWNER) =>
  renderRoom(<ChainStrip />, { "GET /api/v1/audit/chain": { ...chain, ...change } }, { me });

it("says how the chain stands, and what nobody has looked at yet", async () => {
  await shows({ anchoring: null, unsealed: 2 });
  await screen.findByText("not checked yet");
  const line = screen.getByRole("status");
  const said = [...line.children].map(({ textContent }) => textContent);
  expect(said).toEqual(["1200 records sealed", "signed", "2 wait", "not kept elsewhere"]);
  const link = screen.getByRole("link", { name: "Export" });
  expect(link.getAttribute("href")).toBe("/api/v1/audit/export");
  await userEvent.click(screen.getByRole("button", { name: "Details" }));
  expect(screen.getByText("Nobody has checked this log yet.")).toBeDefined();
});

it("saves the export in the window, which has no downloads, and says where or why not", async () => {
  const folder = "Downloads/chimera-audit.jsonl";
  const error = { code: "UNAVAILABLE", message: "There is no room.", details: {}, retryable: true };
  const body = JSON.stringify({ success: false, error: { ...error, timestamp: check.ended_at } });
  const refused = { status: 503, headers: {}, body };
  const asked: string[] = [];
  mockIPC((command) => {
    asked.push(command);
    if (asked.length > 1) throw refused;
    return folder;
  });
  vi.stubGlobal("isTauri", true);
  onTestFinished(() => {
    clearMocks();
    vi.unstubAllGlobals();
  });
  await shows({});
  const button = await screen.findByRole("button", { name: "Export" });
  await userEvent.click(button);
  await screen.findByText(folder);
  await userEvent.click(button);
  await screen.findByText("The export was not saved");
  expect(screen.getByText(/There is no room/)).toBeDefined();
  expect(asked).toEqual(["save_audit", "save_audit"]);
  expect(screen.queryByRole("link", { name: "Export" })).toBeNull();
});

it("has the log checked, shows how far it is, and then what came of it", async () => {
  const { backend } = await shows({});
  const checking = { begun_at: "2026-05-21T08:00:00Z", walked: 400, all: 1200 };
  const answer = { ...chain, checking };
  backend.now({
    "POST /api/v1/audit/chain/verify": () => {
      backend.now({ "GET /api/v1/audit/chain": answer });
      return answer;
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Verify now" }));
  const line = screen.getByRole("status");
  await waitFor(() => expect(line.textContent).toContain("400 of 1,200 looked at"));
  expect(backend.writes).toHaveLength(1);
  backend.now({ "GET /api/v1/audit/chain": { ...chain, last_check: check } });
  await screen.findByText("anchored", undefined, { timeout: 5_000 });
  await userEvent.click(screen.getByRole("button", { name: "Details" }));
  expect(screen.getByText(/agree up to record 1,190/)).toBeDefined();
});

it("names everything that is wrong without a click, integrity and completeness apart", async () => {
  const findings = [
    { kind: "edited", missing: false, number: 1005, record: "r5" },
    { kind: "truncated", missing: true, number: 6, to: 10 },
    { kind: "unrecorded", missing: true, what: "publication", id: "p\u200b1" },
  ].map((one) => ({
    number: null,
    to: null,
    record: null,
    key: null,
    what: null,
    id: null,
    ...one,
  }));
  const broken = {
    ...report,
    standing: "broken",
    intact: false,
    complete: false,
    findings_total: 7,
    findings,
  };
  await shows({ last_check: { ...check, report: broken } });
  const list = await screen.findByRole("list", { name: "What is wrong" });
  const said = within(list).getAllByRole("listitem");
  expect(said.map((one) => one.textContent)).toEqual([
    "alteredRecord 1,005 says something else than when it was sealedr5",
    "missingThe end is gone: there were 10 records, and 6 are left",
    "missingNo record tells of a thing that happenedpU+200Bhidden character U+200B1 publication",
  ]);
  expect(screen.getByText("and 4 more")).toBeDefined();
  expect(screen.getByText("broken")).toBeDefined();
  expect(screen.getByText("something was altered")).toBeDefined();
  expect(screen.getByText("something is missing")).toBeDefined();
});

it("says what keeps the log from being sealed or checked, and what to do", async () => {
  const problem = { code: "AUDIT_KEY_LOST", class: "permanent", message: "It is gone." };
  const failed = { ...check, report: null, problems: [{ ...problem, code: "STORE_FAILED" }] };
  await shows({ sealing: { state: "stopped", key: null, problem }, last_check: failed });
  await screen.findByText("AUDIT_KEY_LOST");
  expect(screen.getByText("STORE_FAILED")).toBeDefined();
  expect(screen.getByText("The last check could not be carried out.")).toBeDefined();
  expect(screen.getByRole("status").textContent).toContain("sealing has stopped");
});

it("offers no check to somebody who may only read", async () => {
  await shows({}, { ...OWNER, may: ["own", "audit_read"] });
  await screen.findByText("not checked yet");
  expect(screen.queryByRole("button", { name: "Verify now" })).toBeNull();
});

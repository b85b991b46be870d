// Proves that what is not sent yet is sent once: at its time, when the page is left, or never when it is taken back.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dropUnsent, keepUnsent, sendUnsent, useUnsent } from "./unsent";
import { useLeft, wipeAll } from "./written";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what is not sent yet", () => {
  it("is sent when its time is over, once", async () => {
    const send = vi.fn(async () => {});
    keepUnsent({ id: "a", until: Date.now() + 8_000 }, send);
    expect(useUnsent.getState().items.has("a")).toBe(true);
    await vi.advanceTimersByTimeAsync(7_999);
    expect(send).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await sendUnsent();
    expect(send).toHaveBeenCalledExactlyOnceWith(false);
    expect(useUnsent.getState().items.size).toBe(0);
  });

  it("is never sent when it is taken back, and cannot be taken back twice", async () => {
    const send = vi.fn(async () => {});
    keepUnsent({ id: "a", until: Date.now() + 8_000 }, send);
    expect([dropUnsent("a"), dropUnsent("a")]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(send).not.toHaveBeenCalled();
  });

  it("is sent when the page is left", () => {
    const send = vi.fn(async () => {});
    keepUnsent({ id: "a", until: Date.now() + 8_000 }, send);
    window.dispatchEvent(new Event("pagehide"));
    expect(send).toHaveBeenCalledExactlyOnceWith(true);
  });

  it("stays written down where it could not be sent while the page was left, and nowhere else", async () => {
    const body = { decision: "reject", note: "" } as const;
    const written = { user: "u", title: "Rejected", text: "Post", body };
    const kept = () => window.localStorage.getItem("chimera.unsent");
    const until = Date.now() + 8_000;
    keepUnsent({ id: "a", until }, async () => {}, written);
    expect(kept()).toContain("Rejected");
    await sendUnsent();
    expect(kept()).toBeNull();
    keepUnsent({ id: "a", until }, async () => {}, written);
    dropUnsent("a");
    expect(kept()).toBeNull();
    keepUnsent({ id: "a", until }, () => Promise.reject(new Error("gone")), written);
    await sendUnsent(true);
    expect(useUnsent.getState().items.size).toBe(0);
    expect(useLeft.getState().items.map(({ id }) => id)).toEqual(["a"]);
    wipeAll();
    expect([kept(), useLeft.getState().items]).toEqual([null, []]);
  });
});

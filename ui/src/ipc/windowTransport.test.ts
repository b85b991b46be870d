import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { inWindow, windowTransport } from "./windowTransport";

afterEach(clearMocks);

const asked: unknown[] = [];

function door(answer: (command: string, args: unknown) => unknown) {
  asked.length = 0;
  mockIPC((command, args) => {
    asked.push([command, args]);
    return answer(command, args);
  });
}

describe("windowTransport", () => {
  it("sends a request through the one door and reads its answer", async () => {
    door(() => ({ status: 200, headers: { etag: '"7"' }, body: '{"ok":true}' }));
    const request = new Request("http://localhost:3000/api/v1/campaigns?limit=5", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": "k" },
      body: '{"goal":"x"}',
    });
    const response = await windowTransport.fetch(request);
    expect(asked).toEqual([
      [
        "api_request",
        {
          request: {
            method: "POST",
            path: "/api/v1/campaigns?limit=5",
            headers: { "content-type": "application/json", "idempotency-key": "k" },
            body: '{"goal":"x"}',
          },
        },
      ],
    ]);
    expect([response.status, response.headers.get("etag"), await response.json()]).toEqual([
      200,
      '"7"',
      { ok: true },
    ]);
  });

  it("takes an answer without a body", async () => {
    door(() => ({ status: 204, headers: {}, body: "" }));
    const response = await windowTransport.fetch(
      new Request("http://localhost:3000/api/v1/session", { method: "DELETE" }),
    );
    expect(response.status).toBe(204);
  });

  it("says that the backend does not answer when the door stays shut", async () => {
    door(() => Promise.reject(new Error("not allowed")));
    const error = await windowTransport
      .fetch(new Request("http://localhost:3000/api/v1/session"))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "UNREACHABLE", effect: "nothing" });
  });

  it("listens from a number until it is stopped", async () => {
    door(() => null);
    const controller = new AbortController();
    const onOpen = vi.fn();
    const listening = windowTransport.stream({
      after: 41,
      signal: controller.signal,
      onOpen,
      onFrames: () => {},
    });
    await vi.waitFor(() => expect(onOpen).toHaveBeenCalledOnce());
    expect(asked).toMatchObject([["events_subscribe", { after: 41 }]]);
    controller.abort();
    await listening;
  });

  function listen(answerDoor: (command: string, args: unknown) => unknown) {
    door(answerDoor);
    const heard: unknown[] = [];
    const controller = new AbortController();
    const listening = windowTransport.stream({
      after: null,
      signal: controller.signal,
      onOpen: () => heard.push("open"),
      onFrames: (frames) => heard.push(...frames),
    });
    return { heard, controller, listening };
  }

  it("ends when the stream has ended by itself, with all that came before", async () => {
    const fact = { event: "fact", data: { seq: 7 } };
    const { heard, listening } = listen((command, args) => {
      if (command !== "events_subscribe") return null;
      const { channel } = args as { channel: { onmessage(frames: unknown): void } };
      setTimeout(() => channel.onmessage([fact, { event: "closed", data: null }]));
      return null;
    });
    await listening;
    expect(heard).toEqual(["open", fact]);
  });

  it("lets go of its own subscription when it is stopped", async () => {
    const { controller, heard, listening } = listen(() => null);
    await vi.waitFor(() => expect(heard).toEqual(["open"]));
    controller.abort();
    await listening;
    const [[, subscribed], ended] = asked as [[string, { channel: { id: number } }], unknown];
    expect(ended).toEqual(["events_unsubscribe", { channel: subscribed.channel.id }]);
  });

  it("fails with the backend's own words when it may not listen", async () => {
    const body =
      '{"success":false,"error":{"code":"UNAUTHENTICATED","message":"Sign in.","retryable":false}}';
    const { heard, listening } = listen(() => Promise.reject({ status: 401, headers: {}, body }));
    const error = await listening.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "UNAUTHENTICATED", status: 401 });
    expect(heard).toEqual([]);
  });

  it("knows whether it runs in the window", () => {
    expect(inWindow()).toBe(false);
    vi.stubGlobal("isTauri", true);
    expect(inWindow()).toBe(true);
    vi.unstubAllGlobals();
  });
});

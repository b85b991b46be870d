import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./errors";
import { type Connection, EventStream } from "./events";
import type { Frame, StreamRequest, Transport } from "./transport";

interface Listening extends StreamRequest {
  end(): void;
  fail(error: unknown): void;
}

let streams: Listening[];
let heard: number[];
let states: Connection["state"][];
let last: Connection;
let stream: EventStream;
let stop: () => void;

const transport: Transport = {
  fetch: () => Promise.reject(new Error("not asked")),
  stream: (request) =>
    new Promise((resolve, reject) => {
      streams.push({ ...request, end: resolve, fail: reject });
    }),
};

function fact(seq: number): Frame {
  const actor = { kind: "system", id: "outbox", name: null };
  return {
    event: "fact",
    data: { seq, actor, at: "2026-05-21T12:32:00Z", fact: { type: "task_changed" } },
  };
}

const current = () => streams.at(-1) as Listening;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  streams = [];
  heard = [];
  states = [];
  stream = new EventStream(transport, {
    onFacts: (facts) => heard.push(...facts.map(({ seq }) => seq)),
    onConnection: (connection) => {
      states.push(connection.state);
      last = connection;
    },
  });
  stop = stream.start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe("EventStream", () => {
  it("begins at now, and resumes after the last fact it heard", async () => {
    expect(current().after).toBeNull();
    current().onOpen();
    current().onFrames([fact(7), fact(8)]);
    current().fail(new Error("cut"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(current().after).toBe(8);
    current().onOpen();
    current().onFrames([fact(8), fact(9)]);
    expect(heard).toEqual([7, 8, 9]);
  });

  it("waits longer each time, and starts over once it was live", async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      current().fail(new Error("cut"));
      await settle();
      if (last.state === "offline") waits.push(last.waitMs);
      await vi.advanceTimersByTimeAsync(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    current().onOpen();
    current().end();
    await settle();
    expect(last).toMatchObject({ state: "offline", waitMs: 1_000 });
  });

  it("says since when it is offline, whatever it tried meanwhile", async () => {
    current().onOpen();
    current().end();
    await settle();
    const since = last.state === "offline" && last.since;
    await vi.advanceTimersByTimeAsync(1_000);
    current().fail(new Error("still"));
    await settle();
    expect(last).toMatchObject({ state: "offline", since, retryAt: 1_003_000 });
  });

  it("tries at once when asked to", async () => {
    current().fail(new Error("cut"));
    await settle();
    expect(streams).toHaveLength(1);
    stream.retryNow();
    await settle();
    expect(streams).toHaveLength(2);
  });

  it("does not try again when the backend does not know who asks", async () => {
    current().fail(
      new ApiError({ code: "UNAUTHENTICATED", message: "", status: 401, retryable: false }),
    );
    await vi.advanceTimersByTimeAsync(120_000);
    expect(states).toEqual(["connecting", "signedOut"]);
    expect(streams).toHaveLength(1);
  });

  it("is silent once stopped", async () => {
    stop();
    expect(current().signal.aborted).toBe(true);
    current().end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states).toEqual(["connecting"]);
    expect(streams).toHaveLength(1);
  });

  it("drops what is no fact instead of failing on it", () => {
    current().onFrames([
      { event: "fact", data: "text" },
      { event: "fact", data: { seq: "8" } },
      fact(3),
    ]);
    expect(heard).toEqual([3]);
  });
});

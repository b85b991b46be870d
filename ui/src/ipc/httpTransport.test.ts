import { beforeEach, describe, expect, it, vi } from "vitest";
import { httpTransport, SILENCE_MAX_MS } from "./httpTransport";
import type { Frame } from "./transport";

const ORIGIN = "http://localhost:3000";
let sent: Request[];

beforeEach(() => {
  sent = [];
});

function transport(answer: (request: Request) => Response | Promise<Response>) {
  const fetch = (request: RequestInfo | URL) => {
    sent.push(request as Request);
    return Promise.resolve(answer(request as Request));
  };
  return httpTransport({ origin: ORIGIN, errors: {}, fetch });
}

function streamed(...pieces: string[]): Response {
  const bytes = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(bytes.encode(piece));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

async function listen(response: Response, after: number | null = null) {
  const frames: Frame[] = [];
  const onOpen = vi.fn();
  const stream = transport(() => response).stream({
    after,
    signal: new AbortController().signal,
    onOpen,
    onFrames: (batch) => frames.push(...batch),
  });
  return { frames, onOpen, end: await stream.catch((error: unknown) => error) };
}

describe("httpTransport", () => {
  it("says that the backend does not answer", async () => {
    const { fetch } = transport(() => Promise.reject(new TypeError("Failed to fetch")));
    const error = await fetch(new Request(`${ORIGIN}/x`, { method: "POST" })).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: "UNREACHABLE", effect: "unknown", retryable: true });
  });

  it("reads events however they are cut into pieces, and skips what keeps the line open", async () => {
    const { frames, onOpen, end } = await listen(
      streamed(
        ": hello\n\nevent: fa",
        'ct\nid: 7\ndata: {"seq":7,',
        '"x":"é"}\n\n',
        "event: gauge\ndata: {}\n\n",
      ),
      6,
    );
    expect(frames).toEqual([
      { event: "fact", data: { seq: 7, x: "é" } },
      { event: "gauge", data: {} },
    ]);
    expect(onOpen).toHaveBeenCalledOnce();
    expect(end).toBeUndefined();
    expect(sent[0]?.url).toBe(`${ORIGIN}/api/v1/events?after=6`);
  });

  it("breaks when the line falls silent, and not while it is kept open", async () => {
    vi.useFakeTimers();
    const bytes = new TextEncoder();
    let say: (text: string) => void = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        say = (text) => controller.enqueue(bytes.encode(text));
      },
    });
    const heard = listen(new Response(body));
    for (let beats = 0; beats < 3; beats += 1) {
      await vi.advanceTimersByTimeAsync(SILENCE_MAX_MS - 1);
      say(": still here\n\n");
    }
    let end: unknown = "open";
    void heard.then((result) => {
      end = result.end;
    });
    await vi.advanceTimersByTimeAsync(SILENCE_MAX_MS - 1);
    expect(end).toBe("open");
    await vi.advanceTimersByTimeAsync(1);
    expect(end).toMatchObject({ code: "UNREACHABLE", retryable: true });
    vi.useRealTimers();
  });

  it("fails with the backend's own words when it may not listen", async () => {
    const body =
      '{"success":false,"error":{"code":"UNAUTHENTICATED","message":"Sign in.","retryable":false}}';
    const { onOpen, end } = await listen(new Response(body, { status: 401 }));
    expect(end).toMatchObject({ code: "UNAUTHENTICATED", status: 401 });
    expect(onOpen).not.toHaveBeenCalled();
  });
});

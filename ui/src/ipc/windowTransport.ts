// The way to the backend in the desktop window: one command to the same router, and a channel for events.
import { Channel, invoke, isTauri } from "@tauri-apps/api/core";
import { readError, unreachable } from "./errors";
import { ERRORS } from "./generatedErrors";
import type { Frame, StreamRequest, Transport } from "./transport";

interface DoorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface DoorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Statuses whose answer may not have a body. */
const BODILESS = new Set([101, 204, 205, 304]);

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const body = await request.text();
  const asked: DoorRequest = {
    method: request.method,
    path: url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    body: body === "" ? null : body,
  };
  let answered: DoorResponse;
  try {
    answered = await invoke<DoorResponse>("api_request", { request: asked });
  } catch {
    throw unreachable(request.method);
  }
  const { status, headers } = answered;
  return new Response(BODILESS.has(status) ? null : answered.body, { status, headers });
}

/** The last frame of a stream that has ended by itself. */
const CLOSED = "closed";

function isAnswer(thrown: unknown): thrown is DoorResponse {
  const { status, body } = (thrown ?? {}) as Partial<DoorResponse>;
  return typeof status === "number" && typeof body === "string";
}

async function stream({ after, signal, onOpen, onFrames }: StreamRequest): Promise<void> {
  const channel = new Channel<readonly Frame[]>();
  const over = new Promise<void>((resolve) => {
    channel.onmessage = (frames) => {
      const ended = frames.at(-1)?.event === CLOSED;
      if (!signal.aborted) onFrames(ended ? frames.slice(0, -1) : frames);
      if (ended) resolve();
    };
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await invoke("events_subscribe", { after, channel }).catch((thrown: unknown) => {
    throw isAnswer(thrown) ? readError(thrown.status, thrown.body, ERRORS) : unreachable("GET");
  });
  if (!signal.aborted) onOpen();
  await over;
  // Where the stream has ended by itself there is nothing left to end.
  await invoke("events_unsubscribe", { channel: channel.id }).catch(() => {});
}

export const windowTransport: Transport = { fetch: answer, stream };

/** Saves the audit log's export in the person's folder for downloads; says where it is. */
export async function saveAudit(): Promise<string> {
  return invoke<string>("save_audit").catch((thrown: unknown) => {
    throw isAnswer(thrown) ? readError(thrown.status, thrown.body, ERRORS) : unreachable("GET");
  });
}

/** True inside the desktop window. */
export function inWindow(): boolean {
  return isTauri();
}

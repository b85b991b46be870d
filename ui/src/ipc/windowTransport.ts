// The way to the backend in the desktop window: one command to the same router, and a channel for events.
import { Channel, invoke, isTauri } from "@tauri-apps/api/core";
import { unreachable } from "./errors";
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

/** The window has one subscription: subscribing again replaces it. */
async function stream({ after, signal, onOpen, onFrames }: StreamRequest): Promise<void> {
  const channel = new Channel<readonly Frame[]>();
  channel.onmessage = (frames) => {
    if (!signal.aborted) onFrames(frames);
  };
  await invoke("events_subscribe", { after, channel }).catch(() => {
    throw unreachable("GET");
  });
  onOpen();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

export const windowTransport: Transport = { fetch: answer, stream };

/** True inside the desktop window. */
export function inWindow(): boolean {
  return isTauri();
}

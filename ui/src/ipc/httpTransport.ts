// The way to the backend in a browser: fetch, and server-sent events read from a streamed answer, because an
// EventSource hides why it was refused. Who asks stands in a cookie that no script can read.
import { EventSourceParserStream } from "eventsource-parser/stream";
import { type ErrorTable, readError, unreachable } from "./errors";
import type { Frame, StreamRequest, Transport } from "./transport";

const EVENTS_PATH = "/api/v1/events";
/** The backend says something at least every 15 s. A line that is silent for so long is dead, whatever the network claims. */
export const SILENCE_MAX_MS = 40_000;

type Bytes = Uint8Array<ArrayBuffer>;

/** Passes everything on, and breaks when nothing comes for too long. */
function notSilent(): TransformStream<Bytes, Bytes> {
  let timer: ReturnType<typeof setTimeout>;
  const listen = (controller: TransformStreamDefaultController<Bytes>) => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.error(unreachable("GET")), SILENCE_MAX_MS);
  };
  return new TransformStream({
    start: listen,
    transform(chunk, controller) {
      listen(controller);
      controller.enqueue(chunk);
    },
    flush: () => clearTimeout(timer),
  });
}

export interface HttpOptions {
  readonly origin: string;
  readonly errors: ErrorTable;
  readonly fetch?: typeof globalThis.fetch;
}

function dataOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function httpTransport({ origin, errors, ...options }: HttpOptions): Transport {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);

  async function answer(request: Request): Promise<Response> {
    try {
      return await send(request);
    } catch (cause) {
      if (request.signal.aborted) throw cause;
      throw unreachable(request.method);
    }
  }

  async function stream({ after, signal, onOpen, onFrames }: StreamRequest): Promise<void> {
    const url = new URL(EVENTS_PATH, origin);
    if (after !== null) url.searchParams.set("after", String(after));
    const request = new Request(url, { signal, headers: { Accept: "text/event-stream" } });
    const response = await answer(request);
    if (!response.ok || !response.body) {
      throw readError(response.status, await response.text(), errors);
    }
    onOpen();
    const messages = response.body
      .pipeThrough(notSilent())
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    const reader = messages.getReader();
    let batch: Frame[] = [];
    let waiting = false;
    const hand = () => {
      waiting = false;
      if (signal.aborted || batch.length === 0) return;
      const frames = batch;
      batch = [];
      onFrames(frames);
    };
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      batch.push({ event: read.value.event ?? "message", data: dataOf(read.value.data) });
      // What arrived together is handed over together.
      if (!waiting) {
        waiting = true;
        setTimeout(hand);
      }
    }
    hand();
  }

  return { fetch: answer, stream };
}

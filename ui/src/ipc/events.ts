// The live stream of facts: always connected or trying to be, resumed from the number of the last fact seen, so that
// nothing is lost and nothing is heard twice.
import { backoffMs } from "./backoff";
import { ApiError } from "./errors";
import type { Frame, Transport } from "./transport";

export interface Fact {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A fact with its number, author and time. */
export interface FactFrame {
  readonly seq: number;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string | null };
  readonly at: string;
  readonly fact: Fact;
}

export type Connection =
  | { readonly state: "connecting" }
  | { readonly state: "live" }
  /** Times in milliseconds since the epoch. */
  | {
      readonly state: "offline";
      readonly since: number;
      readonly retryAt: number;
      readonly waitMs: number;
    }
  /** The backend does not know who asks; trying again would not help. */
  | { readonly state: "signedOut" };

export interface EventListener {
  onFacts?(facts: readonly FactFrame[]): void;
  /** Frames that are no facts, such as samples of a gauge. */
  onOther?(frame: Frame): void;
  onConnection?(connection: Connection): void;
}

function isFact(data: unknown): data is FactFrame {
  if (typeof data !== "object" || data === null) return false;
  const { seq, fact } = data as Partial<FactFrame>;
  return typeof seq === "number" && typeof fact?.type === "string";
}

export class EventStream {
  private readonly transport: Transport;
  private readonly listener: EventListener;
  private last: number | null = null;
  private attempt = 0;
  private offlineSince: number | null = null;
  private running: AbortController | null = null;
  private wake: (() => void) | null = null;

  constructor(transport: Transport, listener: EventListener) {
    this.transport = transport;
    this.listener = listener;
  }

  /** Begins to listen; returns what stops it. */
  start(): () => void {
    const controller = new AbortController();
    this.running = controller;
    void this.run(controller.signal);
    return () => controller.abort();
  }

  /** Tries at once instead of at the end of the wait. */
  retryNow(): void {
    this.wake?.();
  }

  private async run(signal: AbortSignal): Promise<void> {
    this.tell({ state: "connecting" });
    while (!signal.aborted) {
      const broken = await this.listen(signal);
      if (signal.aborted) return;
      if (broken instanceof ApiError && (broken.status === 401 || broken.status === 403)) {
        return this.tell({ state: "signedOut" });
      }
      await this.wait(signal);
    }
  }

  /** Listens until the stream ends; returns why it did. */
  private async listen(signal: AbortSignal): Promise<unknown> {
    try {
      await this.transport.stream({
        after: this.last,
        signal,
        onOpen: () => {
          this.attempt = 0;
          this.offlineSince = null;
          this.tell({ state: "live" });
        },
        onFrames: (frames) => this.take(frames),
      });
      return null;
    } catch (thrown) {
      return thrown;
    }
  }

  private async wait(signal: AbortSignal): Promise<void> {
    const waitMs = backoffMs(this.attempt);
    this.attempt += 1;
    this.offlineSince ??= Date.now();
    this.tell({
      state: "offline",
      since: this.offlineSince,
      retryAt: Date.now() + waitMs,
      waitMs,
    });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener("abort", this.wake, { once: true });
    });
    this.wake = null;
  }

  private take(frames: readonly Frame[]): void {
    const facts: FactFrame[] = [];
    for (const frame of frames) {
      if (frame.event !== "fact") this.listener.onOther?.(frame);
      else if (isFact(frame.data) && (this.last === null || frame.data.seq > this.last)) {
        this.last = frame.data.seq;
        facts.push(frame.data);
      }
    }
    if (facts.length > 0) this.listener.onFacts?.(facts);
  }

  private tell(connection: Connection): void {
    if (!this.running?.signal.aborted) this.listener.onConnection?.(connection);
  }
}

// What any way to the backend can do. Two exist: the window's own door, and HTTP in a browser.

/** One message of the event stream, as server-sent events name it. */
export interface Frame {
  readonly event: string;
  readonly data: unknown;
}

export interface StreamRequest {
  /** Number of the last fact that was seen; null to hear only what comes from now on. */
  readonly after: number | null;
  readonly signal: AbortSignal;
  onOpen(): void;
  /** Frames come in batches, in order. */
  onFrames(frames: readonly Frame[]): void;
}

export interface Transport {
  /** Answers like fetch; rejects with an ApiError when there is no answer. */
  fetch(request: Request): Promise<Response>;
  /** Listens until the stream ends, which resolves, or breaks, which rejects. */
  stream(request: StreamRequest): Promise<void>;
}

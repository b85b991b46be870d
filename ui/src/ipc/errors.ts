// What can go wrong between the console and the backend, in the one shape that every answer has (S4's envelope).

/** Codes that only this side knows: the backend was not reached, or what it said could not be read. */
export const UNREACHABLE = "UNREACHABLE";
export const UNREADABLE_ANSWER = "UNREADABLE_ANSWER";
/** The backend does not know who asks. */
export const UNAUTHENTICATED = "UNAUTHENTICATED";

/** Whether a request that failed changed anything. */
export type Effect = "nothing" | "unknown";

/** One row of the generated table of codes. */
export interface ErrorEntry {
  readonly status: number;
  readonly retryable: boolean;
  readonly effect: Effect;
  readonly text: string;
  readonly hint: string;
}

export type ErrorTable = Readonly<Record<string, ErrorEntry>>;

/** Names stand between backticks in texts that programs read as well; to a person they are quoted. */
export function spoken(text: string): string {
  return text.replaceAll(/`([^`\n]+)`/g, "“$1”");
}

export interface ApiErrorFields {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly timestamp?: string;
  readonly effect?: Effect;
  readonly hint?: string;
  readonly etag?: string | undefined;
}

export class ApiError extends Error {
  readonly code: string;
  /** HTTP status; zero when there was no answer. */
  readonly status: number;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
  readonly timestamp: string;
  /** Whether anything took effect. Not known unless the table of codes says so. */
  readonly effect: Effect;
  /** What to do about it, where the table of codes knows and the message does not say it already. */
  readonly hint: string | null;
  /** Version of what is stored, without its quotes, where the answer names it: what cannot be read can be replaced. */
  readonly etag: string | null;

  constructor(fields: ApiErrorFields) {
    super(spoken(fields.message));
    this.name = "ApiError";
    this.code = fields.code;
    this.status = fields.status;
    this.retryable = fields.retryable;
    this.details = fields.details ?? {};
    this.timestamp = fields.timestamp ?? new Date().toISOString();
    this.effect = fields.effect ?? "unknown";
    const said = fields.hint && fields.message.includes(fields.hint);
    this.hint = said || fields.hint === undefined ? null : spoken(fields.hint);
    this.etag = fields.etag ?? null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a failed answer. Whatever it holds, the result is an ApiError. `etag` is its header of that name. */
export function readError(
  status: number,
  body: string,
  table: ErrorTable,
  etag: string | null = null,
): ApiError {
  const error = envelopeError(body);
  if (!error) {
    return new ApiError({
      code: UNREADABLE_ANSWER,
      message: `The server answered ${status} with something that is not its own error.`,
      status,
      retryable: status >= 500,
    });
  }
  const entry = table[error.code];
  return new ApiError({
    ...error,
    status,
    etag: etag?.replace(/^"(.*)"$/, "$1"),
    ...(entry ? { effect: entry.effect, hint: entry.hint } : {}),
  });
}

function envelopeError(body: string): Omit<ApiErrorFields, "status"> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return null;
  }
  const error = isRecord(parsed) ? parsed.error : null;
  if (!isRecord(error)) return null;
  const { code, message, details, timestamp, retryable } = error;
  if (typeof code !== "string" || typeof message !== "string") return null;
  return {
    code,
    message,
    retryable: retryable === true,
    ...(isRecord(details) ? { details } : {}),
    ...(typeof timestamp === "string" ? { timestamp } : {}),
  };
}

/** There was no answer. A read changed nothing; for a write nobody knows. */
export function unreachable(method: string): ApiError {
  const read = method === "GET" || method === "HEAD";
  return new ApiError({
    code: UNREACHABLE,
    message: "The backend does not answer.",
    status: 0,
    retryable: true,
    effect: read ? "nothing" : "unknown",
  });
}

export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError({
    code: UNREADABLE_ANSWER,
    message: thrown instanceof Error ? thrown.message : String(thrown),
    status: 0,
    retryable: false,
  });
}

// A backend that tests write: what it answers to which endpoint, what it was asked, and facts that it pushes.
import { ERRORS } from "@/ipc/generatedErrors";
import type { Transport } from "@/ipc/transport";

export interface Asked {
  readonly method: string;
  /** The endpoint as the API document writes it. */
  readonly endpoint: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Either the answer's body, or a function of what was asked; `refuse(…)` is an answer too. */
export type Answer = unknown | ((asked: Asked) => unknown);
/** Answers by "GET /api/v1/reviews/{review}". */
export type Script = Readonly<Record<string, Answer>>;

class Refusal {
  readonly code: string;
  readonly message: string;
  readonly details: object;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: string,
    message: string,
    details: object,
    headers: Readonly<Record<string, string>>,
  ) {
    this.code = code;
    this.message = message;
    this.details = details;
    this.headers = headers;
  }
}

/** An error answer with a code of the API; its status comes from the table. */
export function refuse(
  code: keyof typeof ERRORS & string,
  message = "",
  details = {},
  headers: Readonly<Record<string, string>> = {},
): unknown {
  return new Refusal(code, message || (ERRORS[code]?.text ?? code), details, headers);
}

function respond(answer: unknown): Response {
  if (!(answer instanceof Refusal)) {
    return answer === null || answer === undefined
      ? new Response(null, { status: 204 })
      : Response.json(answer);
  }
  const { code, message, details, headers } = answer;
  const entry = ERRORS[code];
  const retryable = entry?.retryable ?? false;
  const error = { code, message, details, retryable, timestamp: new Date().toISOString() };
  return Response.json({ success: false, error }, { status: entry?.status ?? 500, headers });
}

function match(pattern: string, path: string): Record<string, string> | null {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name) found[name] = decodeURIComponent(given[index] ?? "");
    else if (part !== given[index]) return null;
  }
  return found;
}

export class ScriptedBackend {
  /** Everything that was asked, in order. */
  readonly asked: Asked[] = [];
  readonly transport: Transport;
  private script: Script;
  private seq = 0;
  private push: ((frames: readonly { event: string; data: unknown }[]) => void) | null = null;

  constructor(script: Script) {
    this.script = script;
    this.transport = {
      fetch: (request) => this.answer(request),
      stream: ({ signal, onOpen, onFrames }) => {
        this.push = onFrames;
        onOpen();
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    };
  }

  /** Answers differently from here on. */
  now(script: Script): void {
    this.script = { ...this.script, ...script };
  }

  /** Writes only, which is what most tests ask about. */
  get writes(): readonly Asked[] {
    return this.asked.filter(({ method }) => method !== "GET");
  }

  /** Pushes facts over the live line. */
  fact(...facts: readonly { type: string; [field: string]: unknown }[]): void {
    const frames = facts.map((fact) => {
      this.seq += 1;
      const actor = { kind: "system", id: "test", name: null };
      return { event: "fact", data: { seq: this.seq, actor, at: new Date().toISOString(), fact } };
    });
    this.push?.(frames);
  }

  private async answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const text = await request.text();
    // An exact address comes before one with a parameter: "/feeds/test" before "/feeds/{feed}".
    const endpoints = Object.keys(this.script).sort(
      (a, b) => a.split("{").length - b.split("{").length,
    );
    for (const key of endpoints) {
      const [method = "", endpoint = ""] = key.split(" ");
      const path = method === request.method ? match(endpoint, url.pathname) : null;
      if (!path) continue;
      const asked: Asked = {
        method,
        endpoint,
        path,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries(request.headers),
        body: text === "" ? null : JSON.parse(text),
      };
      this.asked.push(asked);
      const answer = this.script[key];
      return respond(typeof answer === "function" ? await answer(asked) : answer);
    }
    return respond(
      refuse("NOT_FOUND", `the test's script has no ${request.method} ${url.pathname}`),
    );
  }
}

// Carries what broke on this side to the log of the backend, so that a blank screen leaves a trace.
import { invoke } from "@tauri-apps/api/core";
import { inWindow } from "./windowTransport";

const TEXT_MAX = 4_096;

export interface Problem {
  readonly message: string;
  readonly stack: string;
}

function problemOf(thrown: unknown): Problem {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    message: error.message.slice(0, TEXT_MAX),
    stack: (error.stack ?? "").slice(0, TEXT_MAX),
  };
}

export function reportProblem(thrown: unknown): void {
  const problem = problemOf(thrown);
  if (inWindow()) void invoke("report_problem", { problem }).catch(() => {});
  // biome-ignore lint/suspicious/noConsole: the browser's own log is all that a browser console has
  else console.error(problem.message, problem.stack);
}

/** Reports what nobody caught. */
export function reportUncaught(view: Window): void {
  view.addEventListener("error", (event) => reportProblem(event.error ?? event.message));
  view.addEventListener("unhandledrejection", (event) => reportProblem(event.reason));
}

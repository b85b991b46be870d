// What is being written, beside what is stored. Pure.
import type { Wire } from "@/ipc/api";

/** The stored file that the writing started from. */
export interface Base {
  readonly source: string;
  /** Of the persona. */
  readonly number: number;
  /** Of the agent's row: the If-Match of saving. */
  readonly version: string;
}

export interface Draft {
  readonly base: Base;
  /** Null while nothing is changed. */
  readonly text: string | null;
}

export function baseOf(persona: Wire<"Persona">): Base {
  return { source: persona.source, number: persona.number, version: persona.version };
}

export function written(draft: Draft, text: string): Draft {
  return { ...draft, text: text === draft.base.source ? null : text };
}

/**
 * What becomes of a draft when the stored persona changes: without changes it follows; with changes it follows as long
 * as the file is the same, for then only the agent's row moved. Otherwise it stays, and that is a conflict.
 */
export function followed(draft: Draft, stored: Base): Draft {
  if (draft.text === null || draft.text === stored.source) return { base: stored, text: null };
  if (draft.base.number === stored.number) return { ...draft, base: stored };
  return draft;
}

export function inConflict(draft: Draft, stored: Base): boolean {
  return draft.text !== null && draft.base.number !== stored.number;
}

/** The own text, now on top of what the other one saved. */
export function rebased(draft: Draft, stored: Base): Draft {
  return followed({ ...draft, base: stored }, stored);
}

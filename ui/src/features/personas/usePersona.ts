// A stored persona, its versions, and the draft that is written over it. Drafts outlive the room: going to look at
// something else loses nothing.
import { useState } from "react";
import { hooks, type Wire } from "@/ipc/api";
import { baseOf, type Draft, followed, inConflict, rebased, written } from "./draft";

const kept = new Map<string, Draft>();

export function usePersona(agent: string) {
  return hooks.useQuery("get", "/api/v1/personas/{agent}", { params: { path: { agent } } });
}

export function useVersions(agent: string) {
  return hooks.useQuery("get", "/api/v1/personas/{agent}/versions", {
    params: { path: { agent } },
  });
}

export interface Drafting {
  readonly draft: Draft;
  readonly text: string;
  readonly dirty: boolean;
  /** Somebody saved another version while one wrote. */
  readonly conflict: boolean;
  write: (text: string) => void;
  /** Drops what was written. */
  drop: () => void;
  /** What was sent is stored now; what was typed since stays. */
  saved: (persona: Wire<"Persona">, sent: string) => void;
  /** Puts what was written on top of what is stored now. */
  rebase: () => void;
}

export function useDraft(persona: Wire<"Persona">): Drafting {
  const { agent } = persona;
  const stored = baseOf(persona);
  const [own, setOwn] = useState<Draft>(() => kept.get(agent) ?? { base: stored, text: null });
  const draft = followed(own, stored);
  const keep = (next: Draft) => {
    if (next.text === null) kept.delete(agent);
    else kept.set(agent, next);
    setOwn(next);
  };
  return {
    draft,
    text: draft.text ?? draft.base.source,
    dirty: draft.text !== null,
    conflict: inConflict(draft, stored),
    write: (text) => keep(written(draft, text)),
    drop: () => keep({ base: stored, text: null }),
    saved: (next, sent) =>
      setOwn((before) => {
        const base = baseOf(next);
        const typed = before.text === null || before.text === sent ? null : before.text;
        if (typed === null) kept.delete(agent);
        else kept.set(agent, { base, text: typed });
        return { base, text: typed };
      }),
    rebase: () => keep(rebased(draft, stored)),
  };
}

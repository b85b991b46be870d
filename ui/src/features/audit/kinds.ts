// Kinds of acts to look for, each the beginning of an action's name.

export const KINDS = [
  "all",
  "review",
  "effect",
  "campaign",
  "plan",
  "task",
  "persona",
  "memory",
  "policy",
  "stop",
  "user",
  "session",
  "token",
  "model",
  "feed",
  "audit",
] as const;

export type Kind = (typeof KINDS)[number];

/** What is asked of the API for each kind. */
export const Kinds = Object.fromEntries(
  KINDS.map((kind) => [kind, kind === "all" ? {} : { action: `${kind}.` }]),
) as Readonly<Record<Kind, { action?: string }>>;

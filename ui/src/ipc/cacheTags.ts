// Which cached answers a write or a fact makes stale. The table itself is declared in the backend and generated; this
// only applies it (style 12).
import type { Query, QueryClient } from "@tanstack/react-query";

/** "review" for all of a topic, "review:0199…" for one. */
export type Tag = string;
/** A tag whose key is a path parameter or a field of a fact: "review:{review}". */
export type TagTemplate = string;

export interface EndpointTags {
  readonly method: string;
  readonly path: string;
  readonly provides: readonly TagTemplate[];
  readonly invalidates: readonly TagTemplate[];
}

export interface TagTable {
  readonly endpoints: Readonly<Record<string, EndpointTags>>;
  readonly facts: Readonly<Record<string, readonly TagTemplate[]>>;
}

type Values = Readonly<Record<string, unknown>>;

/** Two tags meet when their topics are equal and their keys are equal or one has none. */
export function meet(a: Tag, b: Tag): boolean {
  const [topicA, keyA] = split(a);
  const [topicB, keyB] = split(b);
  return topicA === topicB && (keyA === null || keyB === null || keyA === keyB);
}

function split(tag: Tag): [string, string | null] {
  const at = tag.indexOf(":");
  return at < 0 ? [tag, null] : [tag.slice(0, at), tag.slice(at + 1)];
}

/** A key that is not given widens the tag to its whole topic: rather too much is fetched again than too little. */
export function fill(template: TagTemplate, values: Values): Tag {
  const [topic, key] = split(template);
  const field = key && /^\{(.+)\}$/.exec(key)?.[1];
  if (!field) return template;
  const value = values[field];
  return typeof value === "string" || typeof value === "number" ? `${topic}:${value}` : topic;
}

function pathValues(init: unknown): Values {
  const { params } = (init ?? {}) as { params?: { path?: Values } };
  return params?.path ?? {};
}

export class CacheTags {
  private readonly table: TagTable;
  private readonly byAddress = new Map<string, EndpointTags>();

  constructor(table: TagTable) {
    this.table = table;
    for (const endpoint of Object.values(table.endpoints)) {
      this.byAddress.set(`${endpoint.method} ${endpoint.path}`, endpoint);
    }
  }

  /** What the answer of a read is about. */
  provided(method: string, path: string, init: unknown): Tag[] {
    return this.filled(method, path, init, "provides");
  }

  /** What a write makes stale. */
  stale(method: string, path: string, init: unknown): Tag[] {
    return this.filled(method, path, init, "invalidates");
  }

  /** What facts make stale, each tag once. */
  staleByFacts(facts: readonly (Values & { type: string })[]): Tag[] {
    const tags = facts.flatMap((fact) =>
      (this.table.facts[fact.type] ?? []).map((template) => fill(template, fact)),
    );
    return [...new Set(tags)];
  }

  /** Marks every cached answer stale that one of the tags meets; those on screen are read again. */
  async invalidate(queries: QueryClient, tags: readonly Tag[]): Promise<void> {
    if (tags.length === 0) return;
    const predicate = (query: Query) => this.concerns(query, tags);
    // An answer that was asked for before, and that nobody waits for, would come back as if it were fresh. Those on
    // screen are asked anew by the next line.
    await queries.cancelQueries({ predicate, type: "inactive" });
    await queries.invalidateQueries({ predicate });
  }

  private concerns({ queryKey }: Query, tags: readonly Tag[]): boolean {
    const [method, path, init] = queryKey;
    if (typeof method !== "string" || typeof path !== "string") return false;
    const provided = this.provided(method, path, init);
    return provided.some((mine) => tags.some((tag) => meet(mine, tag)));
  }

  private filled(
    method: string,
    path: string,
    init: unknown,
    what: "provides" | "invalidates",
  ): Tag[] {
    const endpoint = this.byAddress.get(`${method.toUpperCase()} ${path}`);
    return (endpoint?.[what] ?? []).map((template) => fill(template, pathValues(init)));
  }
}

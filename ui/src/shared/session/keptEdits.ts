// Edits of drafts that are being written, by item, beside the page: going to another item loses nothing, and neither does
// a window that dies with its server. They are their writer's: nobody else who signs in here sees them, and signing out
// drops them.
const KEY = "chimera.edits";
/** Edits of so many items are kept; the oldest go first. */
const KEPT_MAX = 20;

export interface KeptEdit {
  /** Who writes it. */
  readonly user: string;
  readonly review: string;
  readonly text: string;
}

function isKept(value: unknown): value is KeptEdit {
  if (typeof value !== "object" || value === null) return false;
  const { user, review, text }: Partial<Record<keyof KeptEdit, unknown>> = value;
  return [user, review, text].every((one) => typeof one === "string");
}

// Read anew each time: another tab may have written meanwhile.
function read(): readonly KeptEdit[] {
  try {
    const found: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isKept) : [];
  } catch {
    // Nothing can be kept here, or what is kept is not ours.
    return [];
  }
}

function store(all: readonly KeptEdit[]): void {
  try {
    if (all.length === 0) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, JSON.stringify(all.slice(-KEPT_MAX)));
  } catch {
    // Then the page alone keeps them, for as long as it is there.
  }
}

const without = (review: string) => read().filter((one) => one.review !== review);

export function keepEdit(edit: KeptEdit): void {
  store([...without(edit.review), edit]);
}

/** What this person was writing, by item. */
export function keptEdits(user: string): ReadonlyMap<string, string> {
  const own = read().filter((one) => one.user === user);
  return new Map(own.map(({ review, text }) => [review, text]));
}

/** It was decided, or given up. */
export function forgetEdit(review: string): void {
  store(without(review));
}

export function forgetEdits(): void {
  store([]);
}

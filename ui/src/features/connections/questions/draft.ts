// A form that a server wants filled in: what stands in its controls, and the answer that this makes.
import type { Wire } from "@/ipc/api";

type Field = Wire<"QuestionField">;
/** What a control holds: text as it is typed, a tick, or the chosen options. Null where nothing is chosen. */
export type Held = string | boolean | readonly string[] | null;
export type Draft = Readonly<Record<string, Held>>;

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function first(field: Field, proposed: unknown): Held {
  switch (field.kind) {
    case "flag":
      return typeof proposed === "boolean" ? proposed : null;
    case "some":
      return isTexts(proposed) ? proposed : [];
    case "one":
      return typeof proposed === "string" ? proposed : null;
    default:
      return proposed === undefined ? "" : String(proposed);
  }
}

/** What the form holds before anybody touched it: what the server proposes. */
export function draftOf(question: Wire<"Question">): Draft {
  const prefilled: Record<string, unknown> = question.prefilled;
  const held = question.fields.map((field) => [field.name, first(field, prefilled[field.name])]);
  return Object.fromEntries(held);
}

/** Whether what is typed where a number belongs is one. */
export function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

function answer(field: Field, held: Held): unknown {
  if (held === null || held === "") return undefined;
  if (field.kind === "some") return isTexts(held) && held.length > 0 ? held : undefined;
  if (field.kind === "number" || field.kind === "integer") return Number(held);
  return held;
}

/** The answer; what was left empty is left out. */
export function contentOf(question: Wire<"Question">, draft: Draft): Record<string, unknown> {
  const given = question.fields
    .map((field) => [field.name, answer(field, draft[field.name] ?? null)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

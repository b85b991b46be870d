// What a field of the file is called on screen. A field that the catalogue does not know keeps its own key.
import type { TFunction } from "i18next";

const KNOWN = [
  "name",
  "id",
  "role",
  "voice_traits",
  "directives",
  "values",
  "lexicon",
  "forbidden",
  "forbidden_topics",
  "skills",
  "backstory",
] as const;

export function fieldWords(t: TFunction, field: string): string {
  const known = KNOWN.find((one) => one === field);
  return known ? t(`personas.fields.${known}`) : field.replaceAll("_", " ");
}

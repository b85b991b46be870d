// How well a thing fits what is typed: every word must be found in it, a word's beginning counts more than its middle.
// Pure.

const NAME_BEGINS = 1;
const WORDS_BEGIN = 0.8;
const SOMEWHERE = 0.5;

/** From 0 (not at all) to 1. The first text is the thing's name. */
export function matching(texts: readonly string[], query: string): number {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return NAME_BEGINS;
  const all = texts.map((text) => text.toLowerCase());
  if (all[0]?.startsWith(wanted.join(" "))) return NAME_BEGINS;
  const text = all.join(" ");
  if (!wanted.every((word) => text.includes(word))) return 0;
  const begins = text.split(/[^\p{L}\p{N}]+/u);
  const atBeginnings = wanted.every((word) => begins.some((one) => one.startsWith(word)));
  return atBeginnings ? WORDS_BEGIN : SOMEWHERE;
}

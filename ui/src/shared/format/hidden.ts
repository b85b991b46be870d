// Finds what a reader cannot see in a text: characters that hide words, turn their direction or carry a second text.
// Pure; the drawing is HiddenText's.

export type HiddenKind = "zeroWidth" | "bidi" | "tag" | "control";

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: HiddenKind; readonly code: string; readonly count: number };

const RANGES: readonly (readonly [HiddenKind, number, number])[] = [
  ["control", 0x00, 0x08],
  ["control", 0x0b, 0x0c],
  ["control", 0x0e, 0x1f],
  ["control", 0x7f, 0x9f],
  ["zeroWidth", 0xad, 0xad],
  ["zeroWidth", 0x34f, 0x34f],
  ["bidi", 0x61c, 0x61c],
  ["zeroWidth", 0x115f, 0x1160],
  ["zeroWidth", 0x17b4, 0x17b5],
  ["zeroWidth", 0x180b, 0x180f],
  ["zeroWidth", 0x200b, 0x200d],
  ["bidi", 0x200e, 0x200f],
  ["bidi", 0x202a, 0x202e],
  ["zeroWidth", 0x2060, 0x2064],
  ["bidi", 0x2066, 0x2069],
  ["control", 0x206a, 0x206f],
  ["zeroWidth", 0x2800, 0x2800],
  ["zeroWidth", 0x3164, 0x3164],
  ["zeroWidth", 0xfeff, 0xfeff],
  ["zeroWidth", 0xffa0, 0xffa0],
  ["control", 0xfff0, 0xfffb],
  ["zeroWidth", 0x1d173, 0x1d17a],
  ["tag", 0xe0000, 0xe007f],
  ["zeroWidth", 0xe0100, 0xe01ef],
];

const ZERO_WIDTH_JOINER = 0x200d;
/** Joiners and selectors that belong to a visible emoji, and the flags spelt in tags after U+1F3F4. */
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u;
const BLACK_FLAG = 0x1f3f4;
const CANCEL_TAG = 0xe007f;
const SUBDIVISION_TAGS_MAX = 7;

function kindOf(code: number): HiddenKind | null {
  for (const [kind, from, to] of RANGES) if (code >= from && code <= to) return kind;
  return null;
}

/** True when the joiner at `index` glues two emoji, as in a family or a profession. */
function joinsEmoji(signs: readonly string[], index: number): boolean {
  const [before, after] = [signs[index - 1], signs[index + 1]];
  return Boolean(before && after && EMOJI.test(before) && EMOJI.test(after));
}

/** How many signs from `index` spell a regional flag: the flag, its tags, and the closing tag; zero if they do not. */
function flagLength(signs: readonly string[], index: number): number {
  if (signs[index]?.codePointAt(0) !== BLACK_FLAG) return 0;
  for (let end = index + 1; end <= index + SUBDIVISION_TAGS_MAX; end += 1) {
    const code = signs[end]?.codePointAt(0) ?? 0;
    if (code === CANCEL_TAG) return end > index + 3 ? end - index + 1 : 0;
    if (kindOf(code) !== "tag") return 0;
  }
  return 0;
}

/** The text in pieces; a run of the same hidden character is one piece with its count. */
export function splitHidden(text: string): Piece[] {
  const signs = [...text];
  const pieces: Piece[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") pieces.push({ kind: "text", text: plain });
    plain = "";
  };
  for (let index = 0; index < signs.length; index += 1) {
    const flag = flagLength(signs, index);
    if (flag > 0) {
      plain += signs.slice(index, index + flag).join("");
      index += flag - 1;
      continue;
    }
    const sign = signs[index] ?? "";
    const code = sign.codePointAt(0) ?? 0;
    const kind = kindOf(code);
    if (kind === null || (code === ZERO_WIDTH_JOINER && joinsEmoji(signs, index))) {
      plain += sign;
      continue;
    }
    flush();
    const last = pieces.at(-1);
    const shown = codePoint(code);
    if (last && last.kind === kind && last.code.split(" ")[0] === shown) {
      pieces[pieces.length - 1] = {
        kind,
        code: `${shown} ×${last.count + 1}`,
        count: last.count + 1,
      };
    } else pieces.push({ kind, code: shown, count: 1 });
  }
  flush();
  return pieces;
}

/** The same characters as a pattern, for the editor. Joiners are left out: there they hold emoji together. */
export function hiddenPattern(): RegExp {
  const escaped = (code: number) => `\\u{${code.toString(16)}}`;
  const ranges = RANGES.flatMap(([, from, to]) =>
    from <= ZERO_WIDTH_JOINER && to >= ZERO_WIDTH_JOINER
      ? [[from, ZERO_WIDTH_JOINER - 1] as const, [ZERO_WIDTH_JOINER + 1, to] as const]
      : [[from, to] as const],
  ).filter(([from, to]) => from <= to);
  return new RegExp(`[${ranges.map(([a, b]) => `${escaped(a)}-${escaped(b)}`).join("")}]`, "gu");
}

/** "U+200B". */
export function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

export function hasHidden(text: string): boolean {
  return splitHidden(text).some((piece) => piece.kind !== "text");
}

/** The text for a place that draws no boxes, such as a tooltip: what cannot be seen is written as its number. */
export function writtenHidden(text: string): string {
  return splitHidden(text)
    .map((piece) => (piece.kind === "text" ? piece.text : `[${piece.code}]`))
    .join("");
}

// How networks cut and colour a post's text. Pure.

/** What a network shows before "more", in characters; networks that are not named show a post whole. */
const FOLDS_AT_CHARS: Readonly<Record<string, number>> = { twitter: 280, instagram: 125 };

export interface Folded {
  readonly shown: string;
  readonly cut: boolean;
}

/** The part that readers see first. Counts characters as people do, so that no emoji is cut in half. */
export function foldFor(network: string, text: string): Folded {
  const limit = FOLDS_AT_CHARS[network];
  if (limit === undefined || text.length <= limit) return { shown: text, cut: false };
  const signs = [...text];
  if (signs.length <= limit) return { shown: text, cut: false };
  return { shown: signs.slice(0, limit).join("").trimEnd(), cut: true };
}

export interface PostPiece {
  readonly at: number;
  readonly text: string;
  /** A tag, a mention or an address: networks draw these as links. */
  readonly link: boolean;
}

const LINKS = /https?:\/\/[^\s]+|(?<![\p{L}\p{N}_/])[#@][\p{L}\p{N}_][\p{L}\p{N}_.-]*/gu;

/** Cuts a text into words and links. */
export function splitLinks(text: string): PostPiece[] {
  const pieces: PostPiece[] = [];
  let at = 0;
  for (const found of text.matchAll(LINKS)) {
    if (found.index > at) pieces.push({ at, text: text.slice(at, found.index), link: false });
    pieces.push({ at: found.index, text: found[0], link: true });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ at, text: text.slice(at), link: false });
  return pieces;
}

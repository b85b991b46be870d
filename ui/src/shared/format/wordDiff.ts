// Word by word comparison of two texts, cut at the reader's language's own word borders.
import { diffArrays } from "diff";

export type DiffKind = "same" | "added" | "removed";

export interface DiffPiece {
  readonly kind: DiffKind;
  readonly text: string;
}

/** Beyond this many edits the texts have little in common and are shown as one replaced by the other. */
const EDITS_MAX = 4_000;

/** A kept word as short as this between two changes is struck out with them, as is a kept stop: the phrase reads better whole. */
const THIN_WORD_MAX = 4;

const segmenter =
  typeof Intl.Segmenter === "function"
    ? new Intl.Segmenter(undefined, { granularity: "word" })
    : null;

function words(text: string): string[] {
  if (segmenter) return Array.from(segmenter.segment(text), ({ segment }) => segment);
  return text.match(/\s+|[^\s]+/g) ?? [];
}

export function wordDiff(before: string, after: string): DiffPiece[] {
  const parts = diffArrays(words(before), words(after), { maxEditLength: EDITS_MAX });
  if (!parts) {
    return [
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ];
  }
  return joined(
    parts.map((part) => ({
      kind: part.added ? "added" : part.removed ? "removed" : "same",
      text: part.value.join(""),
    })),
  );
}

interface Change {
  removed: string;
  added: string;
}

/** One replacement as pieces; white space that both sides end with stays out of it. */
function piecesOf({ removed, added }: Change): DiffPiece[] {
  let end = "";
  if (removed !== "" && added !== "") {
    const tail = /\s+$/.exec(removed)?.[0] ?? "";
    if (tail !== "" && added.endsWith(tail)) end = tail;
  }
  const cut = (text: string) => text.slice(0, text.length - end.length);
  return [
    { kind: "removed", text: cut(removed) },
    { kind: "added", text: cut(added) },
    { kind: "same", text: end },
  ];
}

function isThin(text: string): boolean {
  // Another line is another phrase.
  if (text.includes("\n")) return false;
  const word = text.trim();
  return (
    !/[\p{L}\p{N}]/u.test(word) ||
    (word.length <= THIN_WORD_MAX && /^\p{L}+$/u.test(word) && word !== text)
  );
}

/** Joins changes that only a space or a small word keeps apart, so that a phrase is struck out as a phrase. */
function joined(raw: readonly DiffPiece[]): DiffPiece[] {
  const out: DiffPiece[] = [];
  let open: Change | null = null;
  const close = () => {
    if (open) out.push(...piecesOf(open));
    open = null;
  };
  raw.forEach((piece, index) => {
    if (piece.kind !== "same") {
      open ??= { removed: "", added: "" };
      open[piece.kind] += piece.text;
    } else if (open && isThin(piece.text) && index < raw.length - 1) {
      open.removed += piece.text;
      open.added += piece.text;
    } else {
      close();
      out.push(piece);
    }
  });
  close();
  return merged(out);
}

function merged(pieces: readonly DiffPiece[]): DiffPiece[] {
  const out: DiffPiece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.text === "") continue;
    if (last?.kind === piece.kind) out[out.length - 1] = { ...piece, text: last.text + piece.text };
    else out.push(piece);
  }
  return out;
}

export function changed(pieces: readonly DiffPiece[]): boolean {
  return pieces.some((piece) => piece.kind !== "same");
}

// Which drafts are built like the opened one, and where they differ from it. Pure.
import type { Wire } from "@/ipc/api";
import { type DiffPiece, wordDiff } from "@/shared/format/wordDiff";
import { waits } from "./model";

type Review = Wire<"Review">;

/** From this share of common words, in order, two drafts are of the same shape. */
const SAME_FROM = 0.5;
/** Nearest rows of the queue that are compared with the opened one. */
const COMPARED_MAX = 40;
/** A common run longer than this many characters is shortened to its ends. */
const RUN_MAX = 32;

export interface Alike {
  readonly review: Review;
  /** The other draft: "same" where both agree, "added" where it has words of its own. */
  readonly pieces: readonly DiffPiece[];
}

/** The common words as a share of the longer text. */
function sharedBy(pieces: readonly DiffPiece[], before: string, after: string): number {
  const same = pieces.reduce((sum, { kind, text }) => sum + (kind === "same" ? text.length : 0), 0);
  return same / Math.max(1, before.length, after.length);
}

/** A common run in the middle of a text, cut at words: "…beginning … end". */
function shortened(text: string): string {
  if (text.length <= RUN_MAX) return text;
  const half = RUN_MAX / 2;
  const begins = text.slice(0, half).replace(/\S*$/, "");
  const ends = text.slice(-half).replace(/^\S*/, "");
  return `${begins}…${ends}`;
}

/** Only what the other has of its own is kept whole. */
export function differences(pieces: readonly DiffPiece[]): DiffPiece[] {
  return pieces.flatMap(({ kind, text }) => {
    if (kind === "removed") return [];
    return [{ kind, text: kind === "same" ? shortened(text) : text }];
  });
}

/** Drafts of the same persona for the same network that still wait and share most of their words, in the queue's order. */
export function alikeTo(review: Review, rows: readonly Review[]): Alike[] {
  const { text } = review.preview;
  const place = Math.max(
    0,
    rows.findIndex(({ id }) => id === review.id),
  );
  const first = Math.max(0, place - COMPARED_MAX / 2);
  return rows
    .slice(first, first + COMPARED_MAX)
    .filter(
      (row) =>
        row.id !== review.id &&
        waits(row) &&
        row.agent.id === review.agent.id &&
        row.platform === review.platform,
    )
    .flatMap((row) => {
      const pieces = wordDiff(text, row.preview.text);
      if (sharedBy(pieces, text, row.preview.text) < SAME_FROM) return [];
      return [{ review: row, pieces: differences(pieces) }];
    });
}

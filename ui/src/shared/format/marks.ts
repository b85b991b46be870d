// Cuts a text at the borders of the spans that a policy found in it. Pure.

export interface MarkSpan {
  /** In UTF-16 units, as JavaScript counts. */
  readonly from: number;
  readonly to: number;
  /** "look": a person should see it. "stop": it may not go out like this. */
  readonly weight: "look" | "stop";
  readonly why: string;
}

export interface MarkPiece {
  readonly at: number;
  readonly text: string;
  readonly mark: MarkSpan | null;
}

function stricter(a: MarkSpan | null, b: MarkSpan): MarkSpan {
  if (!a) return b;
  return a.weight === "look" && b.weight === "stop" ? b : a;
}

export function splitMarks(text: string, marks: readonly MarkSpan[]): MarkPiece[] {
  const inside = marks
    .map((mark) => ({ ...mark, from: Math.max(0, mark.from), to: Math.min(text.length, mark.to) }))
    .filter((mark) => mark.from < mark.to);
  const cuts = [...new Set([0, text.length, ...inside.flatMap(({ from, to }) => [from, to])])].sort(
    (a, b) => a - b,
  );
  const pieces: MarkPiece[] = [];
  for (const [index, at] of cuts.entries()) {
    const end = cuts[index + 1];
    if (end === undefined) break;
    const mark = inside
      .filter(({ from, to }) => from <= at && end <= to)
      .reduce<MarkSpan | null>(stricter, null);
    pieces.push({ at, text: text.slice(at, end), mark });
  }
  return pieces;
}

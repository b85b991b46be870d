// A comparison by line without the long runs that are the same. Pure.
import type { Wire } from "@/ipc/api";

/** Lines that stay around a change, so that one sees where it is. */
const CONTEXT_LINES = 3;

export type FoldedLine =
  | ({ readonly at: number } & Wire<"DiffLine">)
  | { readonly at: number; readonly kind: "fold"; readonly count: number };

export function foldedLines(lines: readonly Wire<"DiffLine">[]): FoldedLine[] {
  const near = (at: number) =>
    lines
      .slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1)
      .some(({ kind }) => kind !== "same");
  const out: FoldedLine[] = [];
  let folded = 0;
  const close = (at: number) => {
    if (folded > 0) out.push({ at: at - folded, kind: "fold", count: folded });
    folded = 0;
  };
  for (const [at, line] of lines.entries()) {
    if (!near(at)) {
      folded += 1;
      continue;
    }
    close(at);
    out.push({ at, ...line });
  }
  close(lines.length);
  return out;
}

// Text with the spans that a policy found. Where spans overlap, the stricter one shows.
import { Fragment } from "react";
import { writtenHidden } from "@/shared/format/hidden";
import { type MarkSpan, splitMarks } from "@/shared/format/marks";
import { HiddenText } from "./HiddenText";

const LOOKS = {
  look: undefined,
  stop: "border-bad! bg-bad-soft!",
} as const;

export function MarkedText({ text, marks }: { text: string; marks: readonly MarkSpan[] }) {
  return splitMarks(text, marks).map((piece) => {
    const words = <HiddenText>{piece.text}</HiddenText>;
    if (!piece.mark) return <Fragment key={piece.at}>{words}</Fragment>;
    return (
      <mark
        key={piece.at}
        title={writtenHidden(piece.mark.why)}
        className={LOOKS[piece.mark.weight]}
      >
        {words}
      </mark>
    );
  });
}

// Text from outside, shown whole: what a reader could not see is drawn as a boxed code point. Rendered as text, never
// as markup.
import { Fragment } from "react";
import { splitHidden } from "@/shared/format/hidden";
import { HiddenMark } from "./HiddenMark";

export function HiddenText({ children }: { children: string }) {
  return splitHidden(children).map((piece, index) =>
    piece.kind === "text" ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
      <Fragment key={index}>{piece.text}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
      <HiddenMark key={index} kind={piece.kind} code={piece.code} />
    ),
  );
}

// A post's words as its network draws them: tags and mentions as links that go nowhere, what a policy found marked,
// and hidden characters made visible.
import { clsx } from "clsx";
import { writtenHidden } from "@/shared/format/hidden";
import { type MarkSpan, splitMarks } from "@/shared/format/marks";
import { splitLinks } from "@/shared/format/post";
import { HiddenText } from "@/shared/parts/HiddenText";

function Words({ text }: { text: string }) {
  return splitLinks(text).map((piece) => (
    <span key={piece.at} className={clsx(piece.link && "text-x-link")}>
      <HiddenText>{piece.text}</HiddenText>
    </span>
  ));
}

export function PostText({ text, marks = [] }: { text: string; marks?: readonly MarkSpan[] }) {
  return (
    <p className="mt-0.5 whitespace-pre-wrap [overflow-wrap:anywhere]">
      {splitMarks(text, marks).map(({ at, text: words, mark }) =>
        mark ? (
          <mark
            key={at}
            title={writtenHidden(mark.why)}
            className={clsx(mark.weight === "stop" && "border-bad! bg-bad-soft!")}
          >
            <HiddenText>{words}</HiddenText>
          </mark>
        ) : (
          <Words key={at} text={words} />
        ),
      )}
    </p>
  );
}

// Loads the editor when it is first needed. Until then a plain text area stands in, so that nobody waits to write.
import { clsx } from "clsx";
import { lazy, Suspense } from "react";
import type { TextEditorProps } from "./TextEditorBody";

const Body = lazy(() =>
  import("./TextEditorBody").then((module) => ({ default: module.TextEditorBody })),
);

export function TextEditor({ className, ...props }: TextEditorProps & { className?: string }) {
  return (
    <div
      className={clsx(
        "min-h-0 overflow-hidden",
        props.language === "plain" ? "text-[14px] leading-[23px]" : "font-mono text-12 leading-5",
        className,
      )}
    >
      <Suspense
        fallback={
          <textarea
            aria-label={props.label}
            value={props.value}
            readOnly={props.readOnly}
            // Where nothing gives it a height: as many lines as a post has.
            rows={5}
            onChange={(event) => props.onChange(event.target.value)}
            className="size-full resize-none bg-transparent px-3 py-[9px] text-fg-strong outline-none"
          />
        }
      >
        <Body {...props} />
      </Suspense>
    </div>
  );
}

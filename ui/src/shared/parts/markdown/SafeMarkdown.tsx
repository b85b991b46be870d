// Loads the Markdown reader when it is first needed; until then the text stands there as it was written.
import { lazy, Suspense } from "react";
import { HiddenText } from "@/shared/parts/HiddenText";
import type { SafeMarkdownProps } from "./SafeMarkdownBody";

const Body = lazy(() =>
  import("./SafeMarkdownBody").then((module) => ({ default: module.SafeMarkdownBody })),
);

export function SafeMarkdown(props: SafeMarkdownProps) {
  return (
    <Suspense
      fallback={
        <p className="whitespace-pre-wrap">
          <HiddenText>{props.text}</HiddenText>
        </p>
      }
    >
      <Body {...props} />
    </Suspense>
  );
}

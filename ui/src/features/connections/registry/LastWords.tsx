// What a server wrote to standard error: the newest line is in sight, older ones above it.
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { HiddenText } from "@/shared/parts/HiddenText";

export function LastWords({ lines }: { lines: readonly string[] }) {
  const { t } = useTranslation();
  const box = useRef<HTMLPreElement>(null);
  const newest = lines.length === 0 ? "" : `${lines.length} ${lines.at(-1)}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when there is a new line
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [newest]);
  return (
    <section className="border-line border-t py-2 pr-3 pl-9">
      <h3 className="text-12 text-fg-muted">
        <b className="font-medium text-fg-strong">{t("registry.lastWords")}</b>{" "}
        {t(lines.length === 0 ? "registry.lastWordsNone" : "registry.lastWordsHint")}
      </h3>
      {lines.length > 0 && (
        <pre
          ref={box}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached with keys
          tabIndex={0}
          role="log"
          aria-label={t("registry.lastWords")}
          className="num mt-1 max-h-44 overflow-auto whitespace-pre-wrap rounded-6 border border-line bg-frame px-2 py-1.5 text-11 text-fg [overflow-wrap:anywhere]"
        >
          <HiddenText>{lines.join("\n")}</HiddenText>
        </pre>
      )}
    </section>
  );
}

// What changed between two texts, word by word: struck out and underlined, and said to screen readers.
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { changed, wordDiff } from "@/shared/format/wordDiff";
import { HiddenText } from "./HiddenText";

export function WordDiff({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation();
  const pieces = wordDiff(before, after);
  return (
    <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {pieces.map((piece, index) => {
        const text = <HiddenText>{piece.text}</HiddenText>;
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
        if (piece.kind === "same") return <Fragment key={index}>{text}</Fragment>;
        const Tag = piece.kind === "added" ? "ins" : "del";
        // Lines that begin above new words are not marked: a mark of no width is a speck.
        const lead = piece.kind === "added" ? (/^\s*\n(?=\s*\S)/.exec(piece.text)?.[0] ?? "") : "";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
          <Fragment key={index}>
            {lead}
            <Tag>
              <span className="sr-only">{t(`parts.diff.${piece.kind}`)}</span>
              <HiddenText>{piece.text.slice(lead.length)}</HiddenText>
            </Tag>
          </Fragment>
        );
      })}
      {!changed(pieces) && <span className="text-fg-muted"> {t("parts.diff.same")}</span>}
    </p>
  );
}

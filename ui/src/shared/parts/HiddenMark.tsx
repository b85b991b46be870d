// One character that could not be seen, drawn as its boxed code point.
import { useTranslation } from "react-i18next";
import type { HiddenKind } from "@/shared/format/hidden";

export function HiddenMark({ kind, code }: { kind: HiddenKind; code: string }) {
  const { t } = useTranslation();
  const word = t(`parts.hidden.${kind}`);
  return (
    <span
      title={word}
      className="mx-0.5 inline-block whitespace-nowrap rounded-3 border border-taint-line px-[3px] font-medium font-mono text-11 text-taint leading-[14px]"
    >
      <span aria-hidden>{code}</span>
      <span className="sr-only">{t("parts.hidden.aria", { kind: word, code })}</span>
    </span>
  );
}

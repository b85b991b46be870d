// A sign that could not be seen, or is taken for another one: boxed, with its name and number.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";

export function OddSign({ sign }: { sign: Wire<"Sign"> }) {
  const { t } = useTranslation();
  const { name, code, count, kind, text } = sign;
  const often = count > 1 ? ` ×${count}` : "";
  // A look-alike is drawn with its name beside it; what is hidden has nothing to draw but its name.
  const drawn = kind === "look_alike" ? `${text} ` : "";
  return (
    <span
      title={`${code}${often}`}
      className="mx-0.5 inline-block whitespace-nowrap rounded-3 border border-taint-line px-[3px] font-medium font-mono text-11 text-taint leading-[14px]"
    >
      <span aria-hidden>
        {drawn}
        {name}
        {often}
      </span>
      <span className="sr-only">
        {t("parts.hidden.aria", { kind: name ?? "", code: `${code}${often}` })}
      </span>
    </span>
  );
}

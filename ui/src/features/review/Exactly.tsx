// What is decided, as the backend rendered it from the bytes that the decision is bound to: every field whole, in an area
// of its own that cannot push the others away, and every sign named that could not be seen or would deceive.
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Badge } from "@/shared/parts/Badge";
import { Section } from "@/shared/parts/Card";
import { OddSign } from "./OddSign";

type Shown = Wire<"ShownBytes">;
type Field = Wire<"ShownField">;

function Value({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div
      // Whoever scrolls with the keys must be able to come here; how many lines a value fills, only the screen knows.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
      role="group"
      aria-label={field.path}
      dir="ltr"
      className={clsx(
        "max-h-24 overflow-auto rounded-5 border border-line bg-raised px-2 py-1 text-12 text-fg-strong",
        "whitespace-pre-wrap leading-[18px] [overflow-wrap:anywhere] [unicode-bidi:isolate]",
      )}
    >
      {field.value.length === 0 && (
        <span className="text-fg-muted">{t("review.exactly.empty")}</span>
      )}
      {field.value.map((sign, index) =>
        sign.kind === "plain" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: signs have no name but their place
          <span key={index}>{sign.text}</span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: signs have no name but their place
          <OddSign key={index} sign={sign} />
        ),
      )}
    </div>
  );
}

function Row({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-col gap-1">
      <div className="flex items-center gap-2 text-11">
        <code className="clip min-w-0 flex-1 font-mono text-fg-muted">{field.path}</code>
        {field.odd > 0 && <Badge tone="bad">{t("review.exactly.odd", { count: field.odd })}</Badge>}
        <span className="num flex-none text-fg-muted">
          {t("review.exactly.chars", {
            count: field.chars,
            written: formatCount(field.chars, formatLocale()),
          })}
        </span>
      </div>
      <Value field={field} />
    </li>
  );
}

export function Exactly({ shown, bound }: { shown: Shown; bound: string }) {
  const { t } = useTranslation();
  const digits = shown.digest.replace("sha256:", "");
  return (
    <Section
      title={t("review.exactly.title")}
      aside={
        <code className="font-mono text-11" title={shown.digest}>
          {t("review.exactly.digest", { digest: `${digits.slice(0, 8)}…${digits.slice(-4)}` })}
        </code>
      }
    >
      {shown.digest !== bound && (
        <p role="alert" className="mb-2 text-12 text-bad">
          {t("review.exactly.altered")}
        </p>
      )}
      <ul
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls with the keys must be able to come here
        tabIndex={0}
        className="flex max-h-[420px] flex-col gap-2 overflow-auto"
      >
        {shown.fields.map((field) => (
          <Row key={field.path} field={field} />
        ))}
      </ul>
      <p className="mt-2 text-11 text-fg-muted">
        {t("review.exactly.text", { bytes: formatCount(shown.bytes, formatLocale()) })}
      </p>
    </Section>
  );
}

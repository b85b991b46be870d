// What the file says, field by field, as the backend reads it.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";
import { SafeMarkdown } from "@/shared/parts/markdown/SafeMarkdown";

const LISTS = [
  "voice_traits",
  "directives",
  "values",
  "lexicon",
  "forbidden",
  "forbidden_topics",
  "skills",
] as const;

function Items({ items, none }: { items: readonly string[]; none: string }) {
  if (items.length === 0) return <span className="text-fg-muted">{none}</span>;
  return (
    <ul className="flex flex-col gap-0.5">
      {items.map((item) => (
        <li key={item}>
          <HiddenText>{item}</HiddenText>
        </li>
      ))}
    </ul>
  );
}

export interface FieldsProps {
  /** Null for a persona that is not stored yet. */
  persona: Wire<"Persona"> | null;
  dirty: boolean;
}

export function Fields({ persona, dirty }: FieldsProps) {
  const { t } = useTranslation();
  if (persona === null) {
    return <p className="p-3.5 text-12 text-fg-muted">{t("personas.fields.fresh")}</p>;
  }
  const { fields, number } = persona;
  const none = t("personas.fields.none");
  const rows: [string, ReactNode][] = [
    [t("personas.fields.name"), <HiddenText key="name">{fields.name}</HiddenText>],
    [
      t("personas.fields.id"),
      <span key="id" className="num">
        {fields.id}
      </span>,
    ],
    [t("personas.fields.role"), <HiddenText key="role">{fields.role ?? none}</HiddenText>],
    ...LISTS.map((list): [string, ReactNode] => [
      t(`personas.fields.${list}`),
      <Items
        key={list}
        items={fields[list]}
        none={list === "skills" ? t("personas.fields.all") : none}
      />,
    ]),
  ];
  return (
    <div className="flex flex-col gap-3 p-3.5">
      <p className="text-12 text-fg-muted">
        {t("personas.fields.stored", { number })} {dirty && t("personas.fields.dirty")}
      </p>
      <KeyValue rows={rows} className="gap-y-2!" />
      <section className="border-line border-t pt-3">
        <h2 className="mb-1 text-12 text-fg-muted">{t("personas.fields.backstory")}</h2>
        <SafeMarkdown text={fields.backstory} />
      </section>
    </div>
  );
}

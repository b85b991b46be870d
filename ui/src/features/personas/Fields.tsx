// What the file says, field by field, as the backend reads it, and a form for each: it changes that field in the text and
// leaves every other byte as it was.
import { Pencil } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { HiddenText } from "@/shared/parts/HiddenText";
import { IconButton } from "@/shared/parts/IconButton";
import { SafeMarkdown } from "@/shared/parts/markdown/SafeMarkdown";
import { FieldForm } from "./FieldForm";
import type { Lint } from "./useLint";

const LISTS = [
  "voice_traits",
  "directives",
  "values",
  "lexicon",
  "forbidden",
  "forbidden_topics",
  "skills",
] as const;
const ALL = ["name", "id", "role", ...LISTS, "backstory"] as const;

type Field = (typeof ALL)[number];
type Said = Wire<"PersonaFields">;

function isList(field: Field): field is (typeof LISTS)[number] {
  return LISTS.some((list) => list === field);
}

/** As a form takes it. */
function linesOf(said: Said, field: Field): readonly string[] {
  if (isList(field)) return said[field];
  const text = said[field];
  return text === null || text === "" ? [] : [text];
}

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

function Value({ said, field }: { said: Said; field: Field }): ReactNode {
  const { t } = useTranslation();
  const none = t(field === "skills" ? "personas.fields.all" : "personas.fields.none");
  if (field === "backstory") return <SafeMarkdown text={said.backstory} />;
  if (isList(field)) return <Items items={said[field]} none={none} />;
  return <HiddenText>{said[field] ?? none}</HiddenText>;
}

export interface FieldsProps {
  /** Null for a persona that is not stored yet. */
  persona: Wire<"Persona"> | null;
  dirty: boolean;
  lint: Lint;
  text: string;
  /** Null where nothing may be changed. */
  onText: ((text: string) => void) | null;
}

export function Fields({ persona, dirty, lint, text, onText }: FieldsProps) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Field | null>(null);
  // While the text cannot be read, what was stored is said, and nothing is changed by field.
  const draft = lint.report?.fields ?? null;
  const said = draft ?? persona?.fields ?? null;
  const may = onText !== null && draft !== null && !lint.stale;
  if (said === null) {
    return <p className="p-3.5 text-12 text-fg-muted">{t("personas.fields.fresh")}</p>;
  }
  return (
    <div className="flex flex-col gap-3 p-3.5">
      <p className="text-12 text-fg-muted">
        {draft !== null && (dirty || persona === null)
          ? t("personas.fields.draft")
          : t("personas.fields.stored", { number: persona?.number ?? 0 })}{" "}
        {draft === null && dirty && t("personas.fields.dirty")}
      </p>
      <dl className="flex flex-col gap-2.5 text-12 leading-5">
        {ALL.map((field) => (
          <div key={field} className="group flex flex-col gap-0.5">
            <dt className="flex h-6 items-center gap-1 text-fg-muted">
              {t(`personas.fields.${field}`)}
              {onText !== null && (
                <IconButton
                  icon={Pencil}
                  size="sm"
                  label={t("personas.fields.edit", { field: t(`personas.fields.${field}`) })}
                  disabled={!may}
                  onClick={() => setEdited(field)}
                />
              )}
            </dt>
            <dd className="min-w-0 text-fg-strong [overflow-wrap:anywhere]">
              {edited === field && onText !== null ? (
                <FieldForm
                  field={field}
                  list={isList(field)}
                  before={linesOf(said, field)}
                  soul={text}
                  onDone={(soul) => {
                    setEdited(null);
                    if (soul !== null) onText(soul);
                  }}
                />
              ) : (
                <Value said={said} field={field} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

// The fields of a policy, in three groups, each with what is wrong below it.
import { useTranslation } from "react-i18next";
import { Field } from "@/shared/parts/Field";
import { Select } from "@/shared/parts/Select";
import { TextArea, TextInput } from "@/shared/parts/TextInput";
import {
  CATEGORIES,
  type Figure,
  type Flaw,
  type Flaws,
  leastOf,
  mostOf,
  type PolicyDraft,
  type Score,
  TERM_CHARS_MAX,
  TERMS_MAX,
  termsOf,
} from "./policyDraft";

export interface PolicyFieldsProps {
  draft: PolicyDraft;
  flaws: Flaws;
  onChange: (draft: PolicyDraft) => void;
}

function useFlaw(): (
  flaw: Flaw | undefined,
  bounds?: { least: number; most: number },
) => string | undefined {
  const { t } = useTranslation();
  return (flaw, { least, most } = { least: 0, most: 0 }) =>
    flaw && t(`policies.flaw.${flaw}`, { chars: TERM_CHARS_MAX, terms: TERMS_MAX, least, most });
}

const SCORES: readonly Score[] = ["auto", "review", "must"];
const LOW_BAND = ["must_approve", "retry"] as const;

export function ScoreFields({ draft, flaws, onChange }: PolicyFieldsProps) {
  const { t } = useTranslation();
  const flaw = useFlaw();
  return (
    <div className="flex flex-col gap-2.5">
      <div className="grid grid-cols-3 items-start gap-3">
        {SCORES.map((name) => (
          <Field
            key={name}
            label={t(`policies.field.${name}`)}
            hint={t(`policies.hint.${name}`)}
            error={flaw(flaws[name])}
          >
            <TextInput
              mono
              inputMode="decimal"
              value={draft.scores[name]}
              onChange={({ target }) =>
                onChange({ ...draft, scores: { ...draft.scores, [name]: target.value } })
              }
            />
          </Field>
        ))}
      </div>
      <Field label={t("policies.field.lowBand")}>
        <Select
          label={t("policies.field.lowBand")}
          items={LOW_BAND.map((value) => ({ value, label: t(`policies.lowBand.${value}`) }))}
          value={draft.lowBand}
          onChange={(lowBand) => onChange({ ...draft, lowBand })}
        />
      </Field>
    </div>
  );
}

const FIGURES: readonly Figure[] = [
  "hold",
  "claim",
  "reviewTtl",
  "approvalTtl",
  "rejections",
  "retries",
  "tokens",
];

export function FigureFields({ draft, flaws, onChange }: PolicyFieldsProps) {
  const { t } = useTranslation();
  const flaw = useFlaw();
  return (
    <div className="grid grid-cols-2 items-start gap-x-3 gap-y-2.5">
      {FIGURES.map((name) => (
        <Field
          key={name}
          label={t(`policies.field.${name}`)}
          error={flaw(flaws[name], {
            least: leastOf(name),
            most: mostOf(name, draft.units[name]),
          })}
        >
          <TextInput
            mono
            inputMode="numeric"
            suffix={t(`policies.unit.${draft.units[name]}`)}
            value={draft.figures[name]}
            onChange={({ target }) =>
              onChange({ ...draft, figures: { ...draft.figures, [name]: target.value } })
            }
          />
        </Field>
      ))}
    </div>
  );
}

export function TermFields({ draft, flaws, onChange }: PolicyFieldsProps) {
  const { t } = useTranslation();
  const flaw = useFlaw();
  return (
    <div className="flex flex-col gap-2.5">
      <p className="text-12 text-fg-muted">{t("policies.termsText")}</p>
      {CATEGORIES.map((category) => (
        <Field
          key={category}
          label={t(`policies.category.${category}`)}
          hint={t("policies.terms", { count: termsOf(draft.terms[category]).length })}
          error={flaw(flaws[category])}
        >
          <TextArea
            rows={3}
            spellCheck={false}
            value={draft.terms[category]}
            onChange={({ target }) =>
              onChange({ ...draft, terms: { ...draft.terms, [category]: target.value } })
            }
          />
        </Field>
      ))}
    </div>
  );
}

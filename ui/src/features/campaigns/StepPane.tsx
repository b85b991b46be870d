// The chosen step of a plan: everything about it can be changed here.
import { ArrowLeft, ArrowRight, Trash2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { formatUsd } from "@/shared/format/money";
import { sentences } from "@/shared/format/sentences";
import { formatLocale } from "@/shared/i18n/locale";
import { Callout } from "@/shared/parts/Callout";
import { Field } from "@/shared/parts/Field";
import { Icon } from "@/shared/parts/Icon";
import { IconButton } from "@/shared/parts/IconButton";
import { Select } from "@/shared/parts/Select";
import { TextArea, TextInput } from "@/shared/parts/TextInput";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import {
  changed,
  circleOf,
  flawOf,
  fromField,
  linked,
  needsOf,
  type Step,
  type Steps,
  titleOf,
  toField,
  unlinked,
} from "./plan";
import { useDrawWords } from "./useDrawWords";

const NONE = "none";
const INSTRUCTIONS_ROWS = 5;

export interface StepPaneProps {
  steps: Steps;
  step: Step;
  skills: readonly Wire<"Skill">[];
  platforms: readonly Wire<"Platform">[];
  editable: boolean;
  /** Nobody knows what it costs: its estimate means nothing. */
  unpriced: boolean;
  now: number;
  onChange: (steps: Steps, field?: string) => void;
  onSelect: (key: string | null) => void;
  onRemove: () => void;
}

export function StepPane(props: StepPaneProps) {
  const { steps, step, skills, platforms, editable, unpriced, now, onChange, onRemove } = props;
  const { t } = useTranslation();
  const words = useDrawWords();
  const flaw = flawOf(steps, step, now);
  const set = (change: Partial<Step>) =>
    onChange(changed(steps, step.key, change), `${step.key} ${Object.keys(change).join(" ")}`);
  const pickSkill = (name: string) => {
    const skill = skills.find((one) => one.name === name);
    if (skill) set({ skill: skill.name, kind: skill.kind });
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto bg-raised">
      <header className="flex flex-none items-center gap-2 border-line border-b py-2.5 pr-2 pl-3.5">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-fg-strong [overflow-wrap:anywhere]">
            {step.title || step.key}
          </h2>
          <p className="clip text-12 text-fg-muted">
            {t("campaigns.step.number", {
              kind: t(`campaigns.kind.${step.kind}`),
              number: steps.indexOf(step) + 1,
              all: steps.length,
            })}
          </p>
        </div>
        {editable && (
          <IconButton
            icon={Trash2}
            label={t("campaigns.step.remove")}
            action="removeStep"
            onClick={onRemove}
          />
        )}
      </header>
      <div className="flex flex-col gap-2.5 border-line border-b px-3.5 py-3">
        {step.kind === "analyze_trends" && (
          <div>
            <UntrustedBadge>{t("campaigns.step.untrusted")}</UntrustedBadge>
          </div>
        )}
        {flaw && <Callout tone="warn">{sentences(words.flaw(flaw))}</Callout>}
        <Field label={t("campaigns.step.title")} disabled={!editable}>
          <TextInput
            value={step.title}
            maxLength={200}
            onChange={(event) => set({ title: event.target.value })}
          />
        </Field>
        <Field label={t("campaigns.step.skill")}>
          <Select
            label={t("campaigns.step.skill")}
            items={skills.map(({ name, kind }) => ({
              value: name,
              label: words.skill(name),
              note: t(`campaigns.kind.${kind}`),
            }))}
            value={step.skill}
            onChange={pickSkill}
            disabled={!editable}
          />
        </Field>
        <Field label={t("campaigns.step.platform")}>
          <Select
            label={t("campaigns.step.platform")}
            items={[
              { value: NONE, label: t("campaigns.step.noPlatform") },
              ...platforms.map((value) => ({ value, label: t(`post.network.${value}`) })),
            ]}
            value={step.platform ?? NONE}
            onChange={(value) =>
              set({ platform: value === NONE ? null : (value as Wire<"Platform">) })
            }
            disabled={!editable}
          />
        </Field>
        <Field label={t("campaigns.step.instructions")} disabled={!editable}>
          <TextArea
            rows={INSTRUCTIONS_ROWS}
            value={step.instructions ?? ""}
            onChange={(event) => set({ instructions: event.target.value })}
          />
        </Field>
        <Field
          label={t("campaigns.step.maxCost")}
          hint={step.max_cost == null ? t("campaigns.step.noCapHint") : undefined}
          disabled={!editable}
        >
          <TextInput
            mono
            inputMode="decimal"
            prefix="$"
            suffix={
              unpriced
                ? t("campaigns.step.likelyUnknown")
                : t("campaigns.step.likely", {
                    amount: formatUsd(step.estimated_cost, formatLocale()),
                  })
            }
            placeholder={t("campaigns.step.noCap")}
            value={step.max_cost ?? ""}
            onChange={(event) => set({ max_cost: event.target.value.trim() || null })}
          />
        </Field>
        <Field label={t("campaigns.step.deadline")} disabled={!editable}>
          <TextInput
            type="datetime-local"
            value={toField(step.deadline)}
            onChange={(event) => set({ deadline: fromField(event.target.value) })}
          />
        </Field>
        <Field
          label={t("campaigns.step.publishAt")}
          hint={t("campaigns.step.localTime")}
          disabled={!editable}
        >
          <TextInput
            type="datetime-local"
            value={toField(step.publish_at)}
            onChange={(event) => set({ publish_at: fromField(event.target.value) })}
          />
        </Field>
      </div>
      <Wiring {...props} />
    </div>
  );
}

function Wiring({ steps, step, editable, onChange, onSelect }: StepPaneProps) {
  const { t } = useTranslation();
  const before = needsOf(step);
  const after = steps.filter((one) => needsOf(one).includes(step.key));
  const open = steps.filter(
    ({ key }) => !before.includes(key) && circleOf(steps, key, step.key) === null,
  );
  const row =
    "flex min-w-0 flex-1 items-center gap-2 rounded-5 px-1 py-0.5 text-left hover:bg-hover";
  return (
    <div className="flex flex-col gap-2.5 px-3.5 py-3">
      <h3 className="font-semibold text-12 text-fg-strong">{t("campaigns.step.takesFrom")}</h3>
      {before.length === 0 && (
        <p className="text-12 text-fg-muted">{t("campaigns.step.nothingBefore")}</p>
      )}
      {before.map((key) => (
        <div key={key} className="flex items-center gap-1">
          <button type="button" className={row} onClick={() => onSelect(key)}>
            <Icon of={ArrowLeft} size="sm" />
            <span className="clip">{titleOf(steps, key)}</span>
          </button>
          {editable && (
            <IconButton
              size="sm"
              icon={X}
              label={t("campaigns.step.removeInput", { step: titleOf(steps, key) })}
              onClick={() => onChange(unlinked(steps, key, step.key))}
            />
          )}
        </div>
      ))}
      {editable && open.length > 0 && (
        <Select
          label={t("campaigns.step.addInput")}
          placeholder={t("campaigns.step.addInput")}
          items={open.map(({ key, title }) => ({ value: key, label: title || key }))}
          value={null}
          onChange={(key) => onChange(linked(steps, key, step.key))}
        />
      )}
      <h3 className="mt-1 font-semibold text-12 text-fg-strong">{t("campaigns.step.feeds")}</h3>
      {after.length === 0 && (
        <p className="text-12 text-fg-muted">{t("campaigns.step.nothingAfter")}</p>
      )}
      {after.map(({ key, title }) => (
        <button key={key} type="button" className={row} onClick={() => onSelect(key)}>
          <Icon of={ArrowRight} size="sm" />
          <span className="clip">{title || key}</span>
        </button>
      ))}
    </div>
  );
}

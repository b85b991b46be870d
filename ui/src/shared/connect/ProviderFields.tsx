// Where an AI provider answers, which of its models, and where its key lies.
import { useTranslation } from "react-i18next";
import { FilterChip } from "@/shared/parts/Chip";
import { Field } from "@/shared/parts/Field";
import { TextInput } from "@/shared/parts/TextInput";
import { KeyPlaceFields } from "./KeyPlaceFields";
import { type ModelDraft, PRESETS, usualPlace, withAddress, withPlace } from "./modelDraft";
import type { TypedKey } from "./useTypedKey";

export interface ProviderFieldsProps {
  draft: ModelDraft;
  onChange: (draft: ModelDraft) => void;
  typed: TypedKey;
}

export function ProviderFields({ draft, onChange, typed }: ProviderFieldsProps) {
  const { t } = useTranslation();
  const set = (change: Partial<ModelDraft>) => onChange({ ...draft, ...change });
  const presets = PRESETS.filter(({ kind }) => kind === draft.kind);
  const example = presets[0]?.address ?? "";
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2.5">
      <div className="col-span-2 flex flex-col gap-1.5">
        <Field label={t("connect.address")} hint={t("connect.addressHint", { example })}>
          <TextInput
            mono
            type="url"
            spellCheck={false}
            value={draft.address}
            onChange={(event) => onChange(withAddress(draft, event.target.value))}
          />
        </Field>
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">{t("connect.presets")}</legend>
          {presets.map(({ id, address, needsKey }) => (
            <FilterChip
              key={id}
              on={draft.address === address}
              onToggle={() =>
                onChange(
                  withPlace(
                    { ...draft, address },
                    needsKey ? usualPlace(typed.keychain, draft.kind) : "none",
                  ),
                )
              }
            >
              {t(`connect.preset.${id}`)}
            </FilterChip>
          ))}
        </fieldset>
      </div>
      <Field label={t("connect.worker")} hint={t("connect.workerHint")}>
        <TextInput
          mono
          spellCheck={false}
          value={draft.worker}
          onChange={(event) => set({ worker: event.target.value })}
        />
      </Field>
      <Field label={t("connect.strong")} hint={t("connect.strongHint")}>
        <TextInput
          mono
          spellCheck={false}
          value={draft.strong}
          onChange={(event) => set({ strong: event.target.value })}
        />
      </Field>
      <KeyPlaceFields draft={draft} onChange={onChange} typed={typed} />
    </div>
  );
}

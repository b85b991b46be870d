// Another provider for one slot: for planning, for judging, or to stand in. Nothing chosen means the provider above.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Field } from "@/shared/parts/Field";
import { Select } from "@/shared/parts/Select";
import { TextInput } from "@/shared/parts/TextInput";
import { KeyPlaceFields } from "./KeyPlaceFields";
import { type OtherDraft, otherOf, type Slot, withAddress, withKind } from "./modelDraft";
import type { TypedKey } from "./useTypedKey";

const NONE = "none";

export interface OtherProviderProps {
  slot: Slot;
  providers: readonly Wire<"ProviderKind">[];
  draft: OtherDraft | null;
  onChange: (draft: OtherDraft | null) => void;
  typed: TypedKey;
}

export function OtherProvider({ slot, providers, draft, onChange, typed }: OtherProviderProps) {
  const { t } = useTranslation();
  const label = t(`connect.slot.${slot}`);
  const kinds = providers.filter(({ is_ai }) => is_ai);
  const items = [
    { value: NONE, label: t(`connect.slotNone.${slot}`) },
    ...kinds.map(({ kind, title }) => ({ value: kind as string, label: title })),
  ];
  const choose = (value: string) => {
    if (value === NONE) return onChange(null);
    const kind = value as Wire<"ModelKind">;
    onChange(draft ? withKind(draft, kind, typed.keychain) : otherOf(kind, typed.keychain));
  };
  return (
    <fieldset className="grid grid-cols-2 gap-x-3 gap-y-2.5">
      <legend className="sr-only">{label}</legend>
      <Field label={label} hint={t(`connect.slotHint.${slot}`)} className="col-span-2">
        <Select items={items} value={draft?.kind ?? NONE} onChange={choose} label={label} />
      </Field>
      {draft && (
        <>
          <Field label={t("connect.otherAddress", { slot: label })}>
            <TextInput
              mono
              type="url"
              spellCheck={false}
              value={draft.address}
              onChange={(event) => onChange(withAddress(draft, event.target.value))}
            />
          </Field>
          <Field label={t("connect.otherModel", { slot: label })}>
            <TextInput
              mono
              spellCheck={false}
              value={draft.model}
              onChange={(event) => onChange({ ...draft, model: event.target.value })}
            />
          </Field>
          <KeyPlaceFields draft={draft} onChange={onChange} typed={typed} />
        </>
      )}
    </fieldset>
  );
}

// Where the key of a provider lies, and the box for it.
import { useTranslation } from "react-i18next";
import { Field } from "@/shared/parts/Field";
import { Select } from "@/shared/parts/Select";
import { KeyField } from "./KeyField";
import { type KeyDraft, type KeyPlaceName, withPlace } from "./modelDraft";
import type { TypedKey } from "./useTypedKey";

export interface KeyPlaceFieldsProps<D extends KeyDraft> {
  draft: D;
  onChange: (draft: D) => void;
  typed: TypedKey;
}

export function KeyPlaceFields<D extends KeyDraft>(props: KeyPlaceFieldsProps<D>) {
  const { draft, onChange, typed } = props;
  const { t } = useTranslation();
  const places: readonly { value: KeyPlaceName; label: string }[] = [
    { value: "keychain", label: t("connect.keyKeychain") },
    { value: "environment", label: t("connect.keyEnvironment") },
    { value: "none", label: t("connect.keyNone") },
  ];
  return (
    <>
      <Field label={t("connect.keyPlace")} className="col-span-2">
        <Select
          items={places}
          value={draft.place}
          onChange={(place) => onChange(withPlace(draft, place))}
          label={t("connect.keyPlace")}
        />
      </Field>
      <div className="col-span-2 empty:hidden">
        <KeyField draft={draft} typed={typed} />
      </div>
    </>
  );
}

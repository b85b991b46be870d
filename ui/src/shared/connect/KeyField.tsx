// The key of a provider where its draft says that it lies: typed into the keychain, found in the environment, or
// refused with the way that works.
import { useTranslation } from "react-i18next";
import { Callout } from "@/shared/parts/Callout";
import { Field } from "@/shared/parts/Field";
import { KeyInput } from "./KeyInput";
import { keychainWords } from "./keychainWords";
import { type KeyDraft, keyVariable } from "./modelDraft";
import type { TypedKey } from "./useTypedKey";

export interface KeyFieldProps {
  draft: KeyDraft;
  typed: TypedKey;
}

function FromEnvironment({ draft, typed }: KeyFieldProps) {
  const { t } = useTranslation();
  const name = keyVariable(draft.kind);
  const isSet = typed.keychain?.supplied.some(({ variable }) => variable === name);
  // Who cannot see the keychain cannot see this either: then nothing is claimed.
  if (typed.keychain === undefined) {
    return <Callout tone="info">{t("connect.variable", { name })}</Callout>;
  }
  const down = isSet || typed.keychain.works ? null : typed.keychain.problem;
  return (
    <Callout tone={isSet ? "info" : "warn"}>
      {t(isSet ? "connect.variableSet" : "connect.variableUnset", { name })}
      {down && (
        <span className="mt-1.5 block">
          {t("connect.keychainDown")} {keychainWords(down).plain}
        </span>
      )}
    </Callout>
  );
}

function InKeychain({ draft, typed }: KeyFieldProps) {
  const { t } = useTranslation();
  const { keychain, stored } = typed;
  const supplied = keychain?.supplied.find(({ name }) => name === draft.keyName);
  if (supplied) {
    return <Callout tone="info">{t("connect.variableWins", { name: supplied.variable })}</Callout>;
  }
  if (keychain && !keychain.works) {
    return (
      <Callout tone="warn">
        <b className="font-semibold">{t("connect.keychainDown")}</b>{" "}
        {keychainWords(keychain.problem).plain}
      </Callout>
    );
  }
  const backend = keychain?.backend ?? t("connect.keychain");
  const lasting = keychain?.survives_reboot ?? "unknown";
  return (
    <Field
      label={t("connect.key")}
      hint={
        stored
          ? t("connect.keyStays", { backend, by: stored.stored_by })
          : t(`connect.keyGoes.${lasting}`, { backend })
      }
    >
      <KeyInput
        value={typed.text}
        onChange={typed.type}
        placeholder={stored ? t("connect.keyKept") : ""}
      />
    </Field>
  );
}

export function KeyField({ draft, typed }: KeyFieldProps) {
  if (draft.place === "none") return null;
  if (draft.place === "environment") return <FromEnvironment draft={draft} typed={typed} />;
  return <InKeychain draft={draft} typed={typed} />;
}

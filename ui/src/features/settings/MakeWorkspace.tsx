// Makes a workspace with its owner; the first password is handed over in person.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Field } from "@/shared/parts/Field";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";
import { MakeDialog } from "./MakeDialog";

/** C34's form of a workspace's name in addresses. */
const SLUG = /^t_[a-z0-9][a-z0-9_-]{1,62}$/;

export function MakeWorkspace({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [slug, setSlug] = useState("t_");
  const [name, setName] = useState("");
  const [owner, setOwner] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { data: setup } = hooks.useQuery("get", "/api/v1/setup");
  const { mutate, isPending, error } = hooks.useMutation("post", "/api/v1/swarm/tenants");
  const min = setup?.password_min_chars ?? 0;
  const named = [name, owner].every((text) => text.trim() !== "") && email.includes("@");
  const ready = SLUG.test(slug) && named && min > 0 && [...password].length >= min;
  const make = () => {
    mutate(
      {
        body: {
          tenant_id: slug,
          name: name.trim(),
          owner: { name: owner.trim(), email: email.trim(), password },
        },
      },
      {
        onSuccess: (made) => {
          say({ tone: "done", title: t("settings.workspaces.made", { name: made.name }) });
          onClose();
        },
      },
    );
  };
  const field = (label: string, value: string, set: (text: string) => void, hint?: string) => (
    <Field label={label} hint={hint}>
      <TextInput
        autoComplete="off"
        maxLength={254}
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </Field>
  );
  return (
    <MakeDialog
      title={t("settings.workspaces.add")}
      verb={t("settings.workspaces.make")}
      busy={isPending}
      ready={ready}
      failed={error ? asApiError(error) : null}
      onMake={make}
      onClose={onClose}
    >
      {field(t("settings.workspaces.name"), name, setName)}
      {field(t("settings.workspaces.slug"), slug, setSlug, t("settings.workspaces.slugHint"))}
      {field(t("settings.workspaces.owner"), owner, setOwner)}
      {field(t("settings.people.email"), email, setEmail)}
      {field(
        t("settings.people.password"),
        password,
        setPassword,
        t("settings.people.passwordHint", { min }),
      )}
    </MakeDialog>
  );
}

// Makes an account for somebody; its first password is handed over in person.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Field } from "@/shared/parts/Field";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";
import type { Role } from "@/shared/session/roles";
import { MakeDialog } from "./MakeDialog";
import { RoleChoice } from "./RoleChoice";

export function AddPerson({ passwordMin, onClose }: { passwordMin: number; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [roles, setRoles] = useState<Role[]>(["moderator"]);
  const { mutate, isPending, error } = hooks.useMutation("post", "/api/v1/users");
  const long = [...password].length >= passwordMin;
  const ready = name.trim() !== "" && email.includes("@") && long && roles.length > 0;
  const make = () => {
    mutate(
      { body: { name: name.trim(), email: email.trim(), password, roles } },
      {
        onSuccess: (user) => {
          say({ tone: "done", title: t("settings.people.made", { name: user.name }) });
          onClose();
        },
      },
    );
  };
  return (
    <MakeDialog
      title={t("settings.people.add")}
      verb={t("settings.people.make")}
      busy={isPending}
      ready={ready}
      failed={error ? asApiError(error) : null}
      onMake={make}
      onClose={onClose}
    >
      <Field label={t("settings.people.name")}>
        <TextInput
          autoFocus
          autoComplete="off"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label={t("settings.people.email")}>
        <TextInput
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field
        label={t("settings.people.password")}
        hint={t("settings.people.passwordHint", { min: passwordMin })}
      >
        <TextInput
          autoComplete="off"
          maxLength={256}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <RoleChoice roles={roles} onChange={setRoles} />
    </MakeDialog>
  );
}

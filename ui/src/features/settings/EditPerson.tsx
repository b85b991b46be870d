// Changes an account: name, roles, a new password, closed or open.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { CancelButton, Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { TextInput } from "@/shared/parts/TextInput";
import { Switch } from "@/shared/parts/Toggles";
import { say } from "@/shared/parts/toast/toasts";
import type { Role } from "@/shared/session/roles";
import { RoleChoice } from "./RoleChoice";

export interface EditPersonProps {
  user: Wire<"User">;
  passwordMin: number;
  onClose: () => void;
}

export function EditPerson({ user, passwordMin, onClose }: EditPersonProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(user.name);
  const [roles, setRoles] = useState<Role[]>(user.roles);
  const [closed, setClosed] = useState(user.disabled_at !== null);
  const [password, setPassword] = useState("");
  const { mutate, isPending, error } = hooks.useMutation("put", "/api/v1/users/{user}");
  const failed = error ? asApiError(error) : null;
  const long = password === "" || [...password].length >= passwordMin;
  const ready = name.trim() !== "" && roles.length > 0 && long;
  const save = () =>
    mutate(
      {
        params: { path: { user: user.id } },
        body: { name: name.trim(), roles, disabled: closed, password: password || null },
      },
      {
        onSuccess: (saved) => {
          say({ tone: "done", title: t("settings.people.saved", { name: saved.name }) });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("settings.people.editTitle", { name: user.name })}
      actions={
        <>
          <CancelButton onClick={onClose} />
          <Button tone="primary" busy={isPending} disabled={!ready && !isPending} onClick={save}>
            {t("settings.people.save")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t("settings.people.name")}>
          <TextInput
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <RoleChoice roles={roles} onChange={setRoles} />
        <Field label={t("settings.people.newPassword")} hint={t("settings.people.newPasswordHint")}>
          <TextInput
            autoComplete="off"
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <div>
          <Switch checked={closed} onChange={setClosed}>
            {t("settings.people.disable")}
          </Switch>
          <p className="text-12 text-fg-muted">{t("settings.people.disableText")}</p>
        </div>
        {failed && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">{t("settings.people.saveFailed")}</b> {failed.message}{" "}
              {failed.hint}
            </Callout>
          </div>
        )}
      </div>
    </Dialog>
  );
}

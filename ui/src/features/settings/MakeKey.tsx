// Makes an API key and shows it, this once.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { CopyButton } from "@/shared/parts/CopyButton";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { TextInput } from "@/shared/parts/TextInput";
import type { Role } from "@/shared/session/roles";
import { MakeDialog } from "./MakeDialog";
import { RoleChoice } from "./RoleChoice";

/** Days after which a key ends where nothing else is typed, and the most. */
const DAYS = 90;
const MAX_DAYS = 366;

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("settings.access.made")}
      actions={
        <Button tone="primary" onClick={onClose}>
          {t("settings.access.kept")}
        </Button>
      }
    >
      <div className="flex flex-col gap-2.5">
        <Callout tone="warn">{t("settings.access.once")}</Callout>
        <p className="flex items-center gap-2">
          <code
            className="min-w-0 flex-1 rounded-6 border border-line bg-raised px-2 py-1.5 font-mono text-12 text-fg-strong [overflow-wrap:anywhere]"
            data-testid="api-key"
          >
            {secret}
          </code>
          <CopyButton text={secret} label={t("settings.access.copy")} />
        </p>
      </div>
    </Dialog>
  );
}

export function MakeKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [days, setDays] = useState(String(DAYS));
  const [roles, setRoles] = useState<Role[]>(["viewer"]);
  const { mutate, isPending, error, data } = hooks.useMutation("post", "/api/v1/keys");
  const lasts = Number(days);
  const fits = Number.isInteger(lasts) && lasts >= 1 && lasts <= MAX_DAYS;
  const ready = name.trim() !== "" && fits && roles.length > 0;
  if (data) return <Secret secret={data.secret} onClose={onClose} />;
  const make = () => {
    mutate({ body: { name: name.trim(), roles, days: lasts } });
  };
  return (
    <MakeDialog
      title={t("settings.access.add")}
      verb={t("settings.access.make")}
      busy={isPending}
      ready={ready}
      failed={error ? asApiError(error) : null}
      onMake={make}
      onClose={onClose}
    >
      <Field label={t("settings.access.name")} hint={t("settings.access.nameHint")}>
        <TextInput
          autoFocus
          autoComplete="off"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field
        label={t("settings.access.days")}
        hint={t("settings.access.daysHint", { max: MAX_DAYS })}
      >
        <TextInput
          inputMode="numeric"
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
      </Field>
      <RoleChoice roles={roles} onChange={setRoles} />
      <p className="text-12 text-fg-muted">{t("settings.access.never")}</p>
    </MakeDialog>
  );
}

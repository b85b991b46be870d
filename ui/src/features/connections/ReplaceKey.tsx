// Puts another key in the place of one that is stored. The old one is never shown.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { KeyInput } from "@/shared/connect/KeyInput";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { say } from "@/shared/parts/toast/toasts";

export interface ReplaceKeyProps {
  /** The key's own name, and what people call it. */
  name: string;
  title: string;
  backend: string;
  onClose: () => void;
}

export function ReplaceKey({ name, title, backend, onClose }: ReplaceKeyProps) {
  const { t } = useTranslation();
  const [key, setKey] = useState("");
  // Not remembered: the call carries the key.
  const store = hooks.useMutation("post", "/api/v1/connections/keys", { gcTime: 0 });
  const ready = key.trim() !== "";
  const replace = () => {
    if (!ready || store.isPending) return;
    store.mutate(
      { body: { name, key: key.trim() } },
      {
        onSuccess: () => {
          say({ tone: "done", title: t("connections.keyReplaced", { name: title }) });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("connections.keyReplaceTitle", { name: title })}
      actions={
        <>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          <Button
            tone="primary"
            busy={store.isPending}
            disabled={!ready && !store.isPending}
            onClick={replace}
          >
            {t("connections.keyStore")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          replace();
        }}
      >
        <Field label={t("connections.keyNew")} hint={t("connections.keyNewHint", { backend })}>
          <KeyInput value={key} onChange={setKey} autoFocus />
        </Field>
        {store.error && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">{t("connections.keyReplaceFailed")}</b>{" "}
              {asApiError(store.error).message}
            </Callout>
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

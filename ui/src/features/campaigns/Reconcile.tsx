// Nobody knows whether it went out: a person looks at the account and says which. Neither answer sends anything.
import { Check, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { Button } from "@/shared/parts/Button";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { Kbd } from "@/shared/parts/Kbd";
import { TextInput } from "@/shared/parts/TextInput";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";

type Said = "sent" | "notSent";

export function Reconcile({ effect }: { effect: Wire<"Effect"> }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState<Said | null>(null);
  const [url, setUrl] = useState("");
  const { mutate, isPending } = hooks.useMutation("post", "/api/v1/effects/{effect}/reconcile", {
    onSuccess: ({ state }) =>
      say({
        tone: "done",
        title: t(state === "sent" ? "campaigns.reconcile.saidSent" : "campaigns.reconcile.saidNot"),
      }),
    onError: sayFailed(t("campaigns.reconcile.failed")),
    onSettled: () => setSaid(null),
  });
  const sent = said === "sent";
  const where = url.trim();
  const settle = () =>
    mutate({
      params: { path: { effect: effect.id }, header: ifMatch(effect.version) },
      body: { sent, ...(sent && where !== "" ? { url: where } : {}) },
    });
  return (
    <span className="flex flex-none gap-1.5">
      <Button size="sm" icon={Check} onClick={() => setSaid("sent")}>
        {t("campaigns.reconcile.sent")}
      </Button>
      <Button size="sm" icon={X} onClick={() => setSaid("notSent")}>
        {t("campaigns.reconcile.notSent")}
      </Button>
      <Dialog
        open={said !== null}
        onClose={() => setSaid(null)}
        title={t(`campaigns.reconcile.${sent ? "sentTitle" : "notSentTitle"}`)}
        actions={
          <>
            <Button onClick={() => setSaid(null)}>
              {t("parts.cancel")} <Kbd>{t("keys.name.escape")}</Kbd>
            </Button>
            <Button tone={sent ? "primary" : "danger"} busy={isPending} onClick={settle}>
              {t(`campaigns.reconcile.${sent ? "sent" : "notSent"}`)}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-2.5">
          <p>
            {t(`campaigns.reconcile.${sent ? "sentText" : "notSentText"}`, {
              account: effect.action.account,
            })}
          </p>
          {sent && (
            <Field label={t("campaigns.reconcile.url")}>
              <TextInput
                type="url"
                maxLength={2000}
                value={url}
                onChange={({ target }) => setUrl(target.value)}
              />
            </Field>
          )}
        </div>
      </Dialog>
    </span>
  );
}

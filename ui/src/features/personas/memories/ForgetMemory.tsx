// Asks why before one memory is forgotten: it cannot be taken back, and the reason stands in the audit log.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { CancelButton, Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { HiddenText } from "@/shared/parts/HiddenText";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";

const REASON_MAX = 500;

export interface ForgetMemoryProps {
  agent: string;
  memory: Wire<"Memory">;
  onClose: () => void;
}

export function ForgetMemory({ agent, memory, onClose }: ForgetMemoryProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const forget = hooks.useMutation("post", "/api/v1/personas/{agent}/memories/{memory}/forget");
  const ready = reason.trim() !== "" && !forget.isPending;
  const send = () => {
    if (!ready) return;
    forget.mutate(
      { params: { path: { agent, memory: memory.id } }, body: { reason: reason.trim() } },
      {
        onSuccess: () => {
          say({ tone: "done", title: t("memories.forgotten") });
          onClose();
        },
      },
    );
  };
  const failed = forget.error ? asApiError(forget.error) : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("memories.forgetTitle")}
      actions={
        <>
          <CancelButton onClick={onClose} />
          <Button
            tone="danger"
            disabled={!ready && !forget.isPending}
            busy={forget.isPending}
            onClick={send}
          >
            {t("memories.forget")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <blockquote className="max-h-24 overflow-auto border-line-strong border-l-2 pl-2.5 text-12 text-fg-strong [overflow-wrap:anywhere]">
          <HiddenText>{memory.text}</HiddenText>
        </blockquote>
        <p>{t("memories.forgetText")}</p>
        <Field label={t("memories.forgetWhy")} hint={t("memories.forgetWhyHint")}>
          <TextInput
            value={reason}
            maxLength={REASON_MAX}
            onChange={(event) => setReason(event.target.value)}
            autoComplete="off"
          />
        </Field>
        {failed && (
          <Callout tone="bad">
            <b className="font-semibold text-fg-strong">{t("memories.notForgotten")}</b>
            {". "}
            {failed.message} {failed.hint}
          </Callout>
        )}
      </form>
    </Dialog>
  );
}

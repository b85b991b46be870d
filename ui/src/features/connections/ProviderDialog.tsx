// Chooses another provider: typed, tried, then used. Untested ones can be used too, and the button says so.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { draftOf, isSame, isWhole, type ModelDraft, settingsOf } from "@/shared/connect/modelDraft";
import { ProviderChoice } from "@/shared/connect/ProviderChoice";
import { ProviderFields } from "@/shared/connect/ProviderFields";
import { Tried } from "@/shared/connect/Tried";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { say } from "@/shared/parts/toast/toasts";

export interface ProviderDialogProps {
  connection: Wire<"ModelConnection">;
  onClose: () => void;
}

export function ProviderDialog({ connection, onClose }: ProviderDialogProps) {
  const { t } = useTranslation();
  const before = draftOf(connection.settings);
  const [draft, setDraft] = useState<ModelDraft>(before);
  const test = hooks.useMutation("post", "/api/v1/connections/model/test");
  const put = hooks.useMutation("put", "/api/v1/connections/model");
  const tried = test.data;
  const error = put.error ?? test.error;
  const same = connection.settings !== null && isSame(draft, before);
  const sure = draft.kind === "rehearsal" || tried?.ok === true;
  const change = (next: ModelDraft) => {
    setDraft(next);
    test.reset();
    put.reset();
  };
  const use = () =>
    put.mutate(
      { body: settingsOf(draft) },
      {
        onSuccess: () => {
          say({ tone: "done", title: t("connections.chosen") });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("connections.changeTitle")}
      actions={
        <>
          <p className="mr-auto text-12 text-fg-muted">
            {t(same ? "connections.sameNow" : "connections.fromNext")}
          </p>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          {draft.kind !== "rehearsal" && (
            <Button
              busy={test.isPending}
              disabled={!isWhole(draft) && !test.isPending}
              onClick={() => test.mutate({ body: settingsOf(draft) })}
            >
              {t(test.isPending ? "connect.testing" : "connect.test")}
            </Button>
          )}
          <Button
            tone={sure ? "primary" : "plain"}
            busy={put.isPending}
            disabled={(same || !isWhole(draft)) && !put.isPending}
            onClick={use}
          >
            {t(sure ? "connections.use" : "connections.useUntested")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <ProviderChoice
          providers={connection.providers}
          value={draft.kind}
          onChange={(kind) => change({ ...draft, kind })}
        />
        {draft.kind !== "rehearsal" && <ProviderFields draft={draft} onChange={change} />}
        {tried && draft.kind !== "rehearsal" && (
          <Tried
            ok={tried.ok}
            title={t(tried.ok ? "connect.works" : "connect.worksNot")}
            tookMs={tried.took_ms}
          >
            {tried.ok ? tried.message : tried.problem}
          </Tried>
        )}
        {error && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">{t("connections.chooseFailed")}</b>{" "}
              {asApiError(error).message}
            </Callout>
          </div>
        )}
      </div>
    </Dialog>
  );
}

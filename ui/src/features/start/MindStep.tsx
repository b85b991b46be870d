// Chooses what thinks: the rehearsal model, or an AI provider that was tested first.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { draftOf, isWhole, type ModelDraft, settingsOf } from "@/shared/connect/modelDraft";
import { ProviderChoice } from "@/shared/connect/ProviderChoice";
import { ProviderFields } from "@/shared/connect/ProviderFields";
import { Tried } from "@/shared/connect/Tried";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";

export interface MindStepProps {
  connection: Wire<"ModelConnection">;
  onDone: () => void;
}

export function MindStep({ connection, onDone }: MindStepProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<ModelDraft>(draftOf(connection.settings));
  const test = hooks.useMutation("post", "/api/v1/connections/model/test");
  const put = hooks.useMutation("put", "/api/v1/connections/model");
  const rehearsal = draft.kind === "rehearsal";
  const tried = test.data ?? null;
  const failed = put.error ?? test.error;
  const change = (next: ModelDraft) => {
    setDraft(next);
    test.reset();
    put.reset();
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const body = settingsOf(draft);
        if (rehearsal || tried?.ok) put.mutate({ body }, { onSuccess: onDone });
        else if (isWhole(draft)) test.mutate({ body });
      }}
    >
      <ProviderChoice
        providers={connection.providers}
        value={draft.kind}
        onChange={(kind) => change({ ...draft, kind })}
      />
      {rehearsal ? (
        <Callout tone="info">{t("start.mind.rehearsal")}</Callout>
      ) : (
        <ProviderFields draft={draft} onChange={change} />
      )}
      {tried && !rehearsal && (
        <Tried
          ok={tried.ok}
          title={t(tried.ok ? "connect.works" : "connect.worksNot")}
          tookMs={tried.took_ms}
        >
          {tried.ok ? tried.message : tried.problem}
        </Tried>
      )}
      {failed && (
        <div role="alert">
          <Callout tone="bad">
            <b className="font-semibold">{t("start.mind.failed")}</b> {asApiError(failed).message}
          </Callout>
        </div>
      )}
      <div className="flex items-center justify-end gap-2">
        {!rehearsal && !tried?.ok && (
          <p className="mr-auto text-12 text-fg-muted">{t("start.mind.mustTest")}</p>
        )}
        {rehearsal || tried?.ok ? (
          <Button tone="primary" type="submit" busy={put.isPending} autoFocus>
            {t(rehearsal ? "start.mind.useRehearsal" : "start.mind.use")}
          </Button>
        ) : (
          <Button
            tone="primary"
            type="submit"
            disabled={!isWhole(draft) && !test.isPending}
            busy={test.isPending}
          >
            {t(test.isPending ? "connect.testing" : "connect.test")}
          </Button>
        )}
      </div>
    </form>
  );
}

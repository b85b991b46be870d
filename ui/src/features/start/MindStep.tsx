// Chooses what thinks: the rehearsal model, or an AI provider that was tested first.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { draftOf, isWhole, type ModelDraft, withKind } from "@/shared/connect/modelDraft";
import { ProviderChoice } from "@/shared/connect/ProviderChoice";
import { ProviderFields } from "@/shared/connect/ProviderFields";
import { Tried } from "@/shared/connect/Tried";
import { testWords } from "@/shared/connect/testWords";
import { useProviderTry } from "@/shared/connect/useProviderTry";
import { useTypedKeys } from "@/shared/connect/useTypedKeys";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";

export interface MindStepProps {
  connection: Wire<"ModelConnection">;
  onDone: () => void;
}

export function MindStep({ connection, onDone }: MindStepProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<ModelDraft>(draftOf(connection.settings));
  const typed = useTypedKeys(draft);
  const provider = useProviderTry(draft, typed);
  const { tried, failed } = provider;
  const rehearsal = draft.kind === "rehearsal";
  const isReady = isWhole(draft) && typed.isThere;
  const change = (next: ModelDraft) => {
    setDraft(next);
    provider.forget();
  };
  const choose = (kind: ModelDraft["kind"]) => change(withKind(draft, kind, typed.main.keychain));
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (rehearsal || tried?.ok) provider.take(onDone);
        else if (isReady) provider.test();
      }}
    >
      <ProviderChoice providers={connection.providers} value={draft.kind} onChange={choose} />
      {rehearsal ? (
        <Callout tone="info">{t("start.mind.rehearsal")}</Callout>
      ) : (
        <ProviderFields draft={draft} onChange={change} typed={typed.main} />
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
            <b className="font-semibold">{t("start.mind.failed")}</b> {failed.message}
          </Callout>
        </div>
      )}
      <div className="flex items-center justify-end gap-2">
        {!rehearsal && !tried?.ok && (
          <p className="mr-auto text-12 text-fg-muted">{t("start.mind.mustTest")}</p>
        )}
        {rehearsal || tried?.ok ? (
          <Button tone="primary" type="submit" busy={provider.isTaking} autoFocus>
            {t(rehearsal ? "start.mind.useRehearsal" : "start.mind.use")}
          </Button>
        ) : (
          <Button
            tone="primary"
            type="submit"
            disabled={!isReady && !provider.isTesting}
            busy={provider.isTesting}
          >
            {t(testWords(provider.isTesting, typed))}
          </Button>
        )}
      </div>
    </form>
  );
}

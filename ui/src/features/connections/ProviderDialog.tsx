// Chooses another provider: typed, tried, then used. Untested ones can be used too, and the button says so.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { draftOf, isSame, isWhole, type ModelDraft, withKind } from "@/shared/connect/modelDraft";
import { OtherProviders } from "@/shared/connect/OtherProviders";
import { ProviderChoice } from "@/shared/connect/ProviderChoice";
import { ProviderFields } from "@/shared/connect/ProviderFields";
import { Tried } from "@/shared/connect/Tried";
import { testWords } from "@/shared/connect/testWords";
import { useProviderTry } from "@/shared/connect/useProviderTry";
import { useTypedKeys } from "@/shared/connect/useTypedKeys";
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
  const typed = useTypedKeys(draft);
  const provider = useProviderTry(draft, typed);
  const { tried, failed } = provider;
  const same = connection.settings !== null && isSame(draft, before) && !typed.isTyped;
  const sure = draft.kind === "rehearsal" || tried?.ok === true;
  const isReady = isWhole(draft) && typed.isThere;
  const change = (next: ModelDraft) => {
    setDraft(next);
    provider.forget();
  };
  const choose = (kind: ModelDraft["kind"]) => change(withKind(draft, kind, typed.main.keychain));
  const use = () =>
    provider.take(() => {
      say({ tone: "done", title: t("connections.chosen") });
      onClose();
    });
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
              busy={provider.isTesting}
              disabled={!isReady && !provider.isTesting}
              onClick={provider.test}
            >
              {t(testWords(provider.isTesting, typed))}
            </Button>
          )}
          <Button
            tone={sure ? "primary" : "plain"}
            busy={provider.isTaking}
            disabled={(same || !isReady) && !provider.isTaking}
            onClick={use}
          >
            {t(sure ? "connections.use" : "connections.useUntested")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <ProviderChoice providers={connection.providers} value={draft.kind} onChange={choose} />
        {draft.kind !== "rehearsal" && (
          <>
            <ProviderFields draft={draft} onChange={change} typed={typed.main} />
            <OtherProviders
              providers={connection.providers}
              draft={draft}
              onChange={change}
              typed={typed}
            />
          </>
        )}
        {tried && draft.kind !== "rehearsal" && (
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
              <b className="font-semibold">{t("connections.chooseFailed")}</b> {failed.message}
            </Callout>
          </div>
        )}
      </div>
    </Dialog>
  );
}

// Changing the policy: every rule in its field, what is wrong beside it, and what the change is before it is stored.
import { Save } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { sentences } from "@/shared/format/sentences";
import { useKey } from "@/shared/keys/useKey";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card, CardBody } from "@/shared/parts/Card";
import { say } from "@/shared/parts/toast/toasts";
import { FigureFields, ScoreFields, TermFields } from "./PolicyFields";
import {
  type Changed,
  changesOf,
  documentOf,
  draftOf,
  flawsOf,
  type PolicyDraft,
} from "./policyDraft";

export interface Current extends Pick<Wire<"PolicyVersion">, "version" | "document"> {
  /** The stored one cannot be read: the document is only what the form begins with. */
  unreadable?: boolean;
}

export interface PolicyEditorProps {
  /** What is in force now; newer than what the form began from once somebody else stored another. */
  current: Current;
  onDone: () => void;
}

export function PolicyEditor({ current, onDone }: PolicyEditorProps) {
  const { t } = useTranslation();
  const [base, setBase] = useState(current);
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(current.document));
  const put = hooks.useMutation("put", "/api/v1/policy", {
    onSuccess: ({ version }) => {
      say({ tone: "done", title: t("policies.edit.saved", { number: version }) });
      onDone();
    },
  });
  const flaws = flawsOf(draft);
  const wrong = Object.keys(flaws).length;
  const changes = changesOf(draftOf(base.document), draft);
  const failed = put.error ? asApiError(put.error) : null;
  const conflict = current.version !== base.version || failed?.code === "VERSION_MISMATCH";
  const worth = changes.length > 0 || base.unreadable === true;
  const ready = wrong === 0 && worth && !conflict && !put.isPending;
  const store = (version: number) =>
    put.mutate({ params: { header: ifMatch(version) as never }, body: documentOf(draft) });
  useKey("save", () => ready && store(base.version));
  const fields = { draft, flaws, onChange: setDraft };
  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) store(base.version);
      }}
    >
      {conflict && (
        <div role="alert">
          <Callout
            tone="warn"
            actions={
              <>
                <Button
                  size="sm"
                  onClick={() => {
                    put.reset();
                    setBase(current);
                    setDraft(draftOf(current.document));
                  }}
                >
                  {t("policies.edit.takeTheirs")}
                </Button>
                <Button
                  size="sm"
                  disabled={wrong > 0}
                  busy={put.isPending}
                  onClick={() => store(current.version)}
                >
                  {t("policies.edit.putMine")}
                </Button>
              </>
            }
          >
            <b className="font-semibold">{t("policies.edit.conflict")}</b>{" "}
            {t("policies.edit.conflictText")}
          </Callout>
        </div>
      )}
      {failed && !conflict && (
        <div role="alert">
          <Callout tone="bad">
            <b className="font-semibold">{t("policies.edit.failed")}</b>{" "}
            {sentences(failed.message, failed.hint)}
          </Callout>
        </div>
      )}
      {base.unreadable && <Callout tone="warn">{t("policies.edit.unreadable")}</Callout>}
      <div className="grid grid-cols-2 items-start gap-3.5">
        <div className="flex min-w-0 flex-col gap-3.5">
          <Card title={t("policies.bands")}>
            <CardBody>
              <ScoreFields {...fields} />
            </CardBody>
          </Card>
          <Card title={t("policies.times")}>
            <CardBody>
              <FigureFields {...fields} />
            </CardBody>
          </Card>
        </div>
        <Card title={t("policies.sensitive")}>
          <CardBody>
            <TermFields {...fields} />
          </CardBody>
        </Card>
      </div>
      <div className="sticky -bottom-4 -mx-5 flex items-center gap-3 border-line border-t bg-raised px-5 py-2.5">
        <p role="status" className="min-w-0 flex-1 text-12 text-fg-muted">
          {wrong > 0 ? (
            <span className="text-warn">{t("policies.edit.wrong", { count: wrong })}</span>
          ) : base.unreadable ? null : changes.length === 0 ? (
            t("policies.edit.same")
          ) : (
            <ChangeWords changes={changes} />
          )}{" "}
          {t("policies.edit.note")}
        </p>
        <Button tone="quiet" onClick={onDone}>
          {t("policies.edit.drop")}
        </Button>
        <Button
          tone="primary"
          type="submit"
          icon={Save}
          action="save"
          disabled={!ready}
          busy={put.isPending}
        >
          {t("policies.edit.save")}
        </Button>
      </div>
    </form>
  );
}

function ChangeWords({ changes }: { changes: readonly Changed[] }) {
  const { t } = useTranslation();
  return (
    <span className="text-fg-strong">
      {t("policies.edit.changes", {
        count: changes.length,
        names: changes.map((name) => t(`policies.field.${name}`)).join(", "),
      })}
    </span>
  );
}

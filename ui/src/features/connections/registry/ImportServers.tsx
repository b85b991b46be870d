// Takes the servers of a file over. What was taken and what was left out is said server by server; nothing is started.
import { CircleCheck, CircleX, FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { TextArea } from "@/shared/parts/TextInput";

/** The largest file that the registry reads, in KiB. */
const MAX_KIB = 256;
const KIB = 1_024;

function Outcome({ one }: { one: Wire<"ImportedServer"> }) {
  const { t } = useTranslation();
  return (
    <li className="flex gap-2 border-line border-b py-1.5 last:border-b-0">
      <Icon
        of={one.refused ? CircleX : CircleCheck}
        size="sm"
        className={one.refused ? "mt-0.5 text-bad" : "mt-0.5 text-ok"}
      />
      <div className="min-w-0 text-12 [overflow-wrap:anywhere]">
        <b className="num font-medium text-13 text-fg-strong">
          <HiddenText>{one.name}</HiddenText>
        </b>{" "}
        <span className="text-fg-muted">
          {t(one.refused ? "registry.importedNot" : "registry.importedOne")}
        </span>
        {one.refused && (
          <p>
            <HiddenText>{one.refused.message}</HiddenText>{" "}
            <span className="num text-fg-muted">{one.refused.code}</span>
          </p>
        )}
        {one.left_out.length > 0 && (
          <p className="text-fg-muted">
            {t("registry.importLeftOut", { fields: one.left_out.join(", ") })}
          </p>
        )}
      </div>
    </li>
  );
}

export function ImportServers({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const chooser = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const run = hooks.useMutation("post", "/api/v1/connections/registry/import");
  const ready = text.trim() !== "" && !tooLarge;
  const take = (next: string) => {
    setText(next);
    setTooLarge(new Blob([next]).size > MAX_KIB * KIB);
    run.reset();
  };
  const choose = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_KIB * KIB) {
      setTooLarge(true);
      return;
    }
    take(await file.text());
  };
  const done = run.data?.items;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("registry.importTitle")}
      actions={
        done ? (
          <Button tone="primary" onClick={onClose}>
            {t("registry.importDone")}
          </Button>
        ) : (
          <>
            <Button icon={FileUp} className="mr-auto" onClick={() => chooser.current?.click()}>
              {t("registry.importChoose")}
            </Button>
            <Button onClick={onClose}>{t("parts.cancel")}</Button>
            <Button
              tone="primary"
              busy={run.isPending}
              disabled={!ready && !run.isPending}
              onClick={() => run.mutate({ body: { text } })}
            >
              {t("registry.importDo")}
            </Button>
          </>
        )
      }
    >
      {done ? (
        <ul>
          {done.map((one) => (
            <Outcome key={one.name} one={one} />
          ))}
        </ul>
      ) : (
        <div className="flex flex-col gap-2.5">
          <Field
            label={t("registry.importText")}
            hint={t("registry.importHint")}
            error={tooLarge ? t("registry.importTooLarge", { kib: MAX_KIB }) : undefined}
          >
            <TextArea
              className="num"
              rows={12}
              spellCheck={false}
              autoFocus
              value={text}
              onChange={(event) => take(event.target.value)}
            />
          </Field>
          <input
            ref={chooser}
            type="file"
            accept=".json,application/json"
            hidden
            onChange={(event) => void choose(event.target.files?.[0])}
          />
          {run.error && (
            <div role="alert">
              <Callout tone="bad">
                <b className="font-semibold">{t("registry.importFailed")}</b>{" "}
                {asApiError(run.error).message}
              </Callout>
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}

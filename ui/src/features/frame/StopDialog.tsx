// Asks before everything stops, and before it starts again. The word must be typed: no key and no slip does it alone.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { Kbd } from "@/shared/parts/Kbd";
import { TextInput } from "@/shared/parts/TextInput";

const REASON_MAX = 500;

/** Runs once at a time and keeps what went wrong. */
function useAttempt(run: () => Promise<void>, done: () => void) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const attempt = async () => {
    setBusy(true);
    setFailed(null);
    try {
      await run();
      done();
    } catch (thrown) {
      setFailed(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  return { busy, failed, attempt };
}

export interface StopDialogProps {
  open: boolean;
  onClose: () => void;
  onStop: (reason: string) => Promise<void>;
}

export function StopDialog({ open, onClose, onStop }: StopDialogProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const close = () => {
    setTyped("");
    setReason("");
    onClose();
  };
  const word = t("frame.stop.word");
  const { busy, failed, attempt } = useAttempt(
    () => onStop(reason.trim() || t("frame.stop.usualReason")),
    close,
  );
  const ready = typed.trim().toLowerCase() === word && !busy;
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t("frame.stop.title")}
      actions={
        <>
          <Button onClick={close}>
            {t("parts.cancel")} <Kbd>{t("keys.name.escape")}</Kbd>
          </Button>
          <Button
            tone="danger"
            disabled={!ready && !busy}
            busy={busy}
            onClick={() => void attempt()}
          >
            {t("frame.stop.action")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void attempt();
        }}
      >
        <p>{t("frame.stop.text")}</p>
        <Field label={t("parts.confirm.type", { word })}>
          <TextInput
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            autoFocus
          />
        </Field>
        <Field label={t("frame.stop.reason")}>
          <TextInput
            value={reason}
            maxLength={REASON_MAX}
            placeholder={t("frame.stop.usualReason")}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        {failed !== null && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">{t("frame.stop.failed")}</b> {failed}
            </Callout>
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

export interface ReleaseDialogProps {
  open: boolean;
  onClose: () => void;
  onRelease: () => Promise<void>;
}

export function ReleaseDialog({ open, onClose, onRelease }: ReleaseDialogProps) {
  const { t } = useTranslation();
  const { busy, failed, attempt } = useAttempt(onRelease, onClose);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t("frame.stop.releaseTitle")}
      actions={
        <>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          <Button tone="primary" busy={busy} onClick={() => void attempt()}>
            {t("frame.stop.release")}
          </Button>
        </>
      }
    >
      <p>{t("frame.stop.releaseText")}</p>
      {failed !== null && (
        <div role="alert" className="mt-2.5">
          <Callout tone="bad">{failed}</Callout>
        </div>
      )}
    </Dialog>
  );
}

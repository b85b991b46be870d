// The keys that act right now, by where they act; here they can also be changed.
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { onMac, writeChord } from "@/shared/keys/chord";
import { keysFor, type Refusal, useKeymap } from "@/shared/keys/keymap";
import { type Action, KEY_TABLE, SCOPES } from "@/shared/keys/table";
import { useActiveKeys } from "@/shared/keys/useKey";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { KeyCaps, KeyHint } from "./Kbd";

/** How long a sequence may pause before it is taken as written. */
const SEQUENCE_PAUSE_MS = 700;

interface RecorderProps {
  onKeys: (keys: string) => void;
  onKeep: () => void;
}

/** Listens for the next key, or two bare ones after each other. */
function Recorder({ onKeys, onKeep }: RecorderProps) {
  const { t } = useTranslation();
  const [pressed, setPressed] = useState<readonly string[]>([]);
  const hear = useEffectEvent((event: KeyboardEvent) => {
    const chord = writeChord(event, onMac());
    if (chord === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (chord === "Escape") return onKeep();
    const all = [...pressed, chord];
    if (chord.length > 1 || all.length === 2) onKeys(all.join(" "));
    else setPressed(all);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => hear(event);
    window.addEventListener("keydown", listen, { capture: true });
    return () => window.removeEventListener("keydown", listen, { capture: true });
  }, []);
  const finish = useEffectEvent(() => onKeys(pressed.join(" ")));
  useEffect(() => {
    if (pressed.length === 0) return;
    const timer = setTimeout(() => finish(), SEQUENCE_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [pressed]);
  return pressed.length > 0 ? (
    <KeyCaps keys={pressed.join(" ")} />
  ) : (
    <span className="text-11 text-accent-fg">{t("keys.sheet.press")}</span>
  );
}

function useRefusalText(): (refused: Refusal) => string {
  const { t } = useTranslation();
  return (refused) =>
    refused.kind === "bare"
      ? t("keys.sheet.bareMoney")
      : t("keys.sheet.taken", { other: t(KEY_TABLE[refused.by].label) });
}

function KeyRow({ action }: { action: Action }) {
  const { t } = useTranslation();
  const { overrides, rebind, reset } = useKeymap();
  const [recording, setRecording] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const explain = useRefusalText();
  const changed = keysFor(action, overrides) !== KEY_TABLE[action].keys;
  return (
    <li className="group flex min-h-7 items-center gap-2">
      <span className="clip">{t(KEY_TABLE[action].label)}</span>
      {refused && (
        <span role="alert" className="text-11 text-bad">
          {explain(refused)}
        </span>
      )}
      <span className="ml-auto flex items-center gap-1.5">
        {recording ? (
          <Recorder
            onKeep={() => setRecording(false)}
            onKeys={(keys) => {
              setRefused(rebind(action, keys));
              setRecording(false);
            }}
          />
        ) : (
          <>
            {changed && (
              <Button size="sm" tone="quiet" onClick={() => reset(action)}>
                {t("keys.sheet.reset")}
              </Button>
            )}
            <Button
              size="sm"
              tone="quiet"
              aria-label={`${t("keys.sheet.change")}: ${t(KEY_TABLE[action].label)}`}
              className="opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
              onClick={() => {
                setRefused(null);
                setRecording(true);
              }}
            >
              {t("keys.sheet.change")}
            </Button>
            <KeyHint action={action} />
          </>
        )}
      </span>
    </li>
  );
}

/** The sheet's content; the gallery shows it without the dialog around it. */
export function KeyTable({ actions }: { actions: readonly Action[] }) {
  const { t } = useTranslation();
  return (
    <div className="columns-2 gap-6">
      {SCOPES.map((scope) => {
        const here = actions.filter((action) => KEY_TABLE[action].scope === scope);
        if (here.length === 0) return null;
        return (
          <section key={scope} className="mb-3 break-inside-avoid">
            <h3 className="mb-1 font-semibold text-12 text-fg-strong">
              {t(`keys.scope.${scope}`)}
            </h3>
            <ul>
              {here.map((action) => (
                <KeyRow key={action} action={action} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const active = useActiveKeys();
  const reset = useKeymap((keymap) => keymap.reset);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t("keys.sheet.title")}
      wide
      actions={
        <>
          <p className="mr-auto text-12 text-fg-muted">{t("keys.sheet.hint")}</p>
          <Button size="sm" onClick={() => reset()}>
            {t("keys.sheet.resetAll")}
          </Button>
        </>
      }
    >
      <KeyTable actions={active} />
    </Dialog>
  );
}

// Rejecting: a digit rejects at once with its reason; whoever has more to say writes a note first, and may begin to
// type at once: what is no reason's digit goes into the note, and never to a key of the room behind.
import { clsx } from "clsx";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Button } from "@/shared/parts/Button";
import { Field } from "@/shared/parts/Field";
import { Kbd, KeyHint } from "@/shared/parts/Kbd";
import { TextArea } from "@/shared/parts/TextInput";

const NOTE_MAX_CHARS = 2_000;

export interface RejectPanelProps {
  options: Wire<"ReviewOptions">;
  busy: boolean;
  /** What was typed of the note before the panel stood here. */
  begun?: string;
  /** `digit` is the key that chose and rejected in one. */
  onReject: (option: Wire<"RejectOption"> | null, note: string, digit?: string) => void;
  onClose: () => void;
}

/** A key that writes something; a blank on a button presses it. */
function isLetter({ key, target }: KeyboardEvent): boolean {
  return key.length === 1 && !(key === " " && target instanceof HTMLButtonElement);
}

export function RejectPanel({ options, busy, begun = "", onReject, onClose }: RejectPanelProps) {
  const { t } = useTranslation();
  const panel = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const heading = useId();
  const [note, setNote] = useState(begun);
  const [chosen, setChosen] = useState<Wire<"RejectOption"> | null>(null);
  const reasons = options.reject_reasons;
  const usual = reasons.find(({ reason }) => reason === options.default_reason);

  useEffect(() => {
    const before = document.activeElement;
    if (begun === "") panel.current?.focus();
    else {
      field.current?.focus();
      field.current?.setSelectionRange(begun.length, begun.length);
    }
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [begun]);

  /** False when it is nothing that the panel takes. */
  const types = (event: KeyboardEvent) => {
    const option = reasons.find(({ key }) => String(key) === event.key);
    if (option && note === "") onReject(option, "", event.key);
    else if (isLetter(event)) {
      // The field takes the next ones itself.
      setNote((before) => (before + event.key).slice(0, NOTE_MAX_CHARS));
      field.current?.focus();
    } else return false;
    return true;
  };

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const modified = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && modified) onReject(chosen, note.trim());
    else if (event.target instanceof HTMLTextAreaElement || modified || event.altKey) return;
    else if (!types(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={panel}
      role="dialog"
      aria-labelledby={heading}
      tabIndex={-1}
      onKeyDown={press}
      className="floating absolute bottom-[calc(var(--actionbar-h)+8px)] left-3 z-20 flex w-[min(420px,calc(100%-24px))] animate-arrive flex-col gap-2 p-3 outline-none"
    >
      <h2 id={heading} className="font-semibold text-fg-strong">
        {t("review.reject.title")}
      </h2>
      <ul className="grid grid-cols-2 gap-1">
        {reasons.map((option) => (
          <li key={option.reason}>
            <button
              type="button"
              aria-pressed={chosen?.reason === option.reason}
              disabled={busy}
              onClick={() => (note.trim() === "" ? onReject(option, "") : setChosen(option))}
              className={clsx(
                "flex h-7 w-full items-center gap-2 rounded-5 px-1.5 text-left hover:bg-hover",
                chosen?.reason === option.reason && "bg-danger-soft text-fg-strong",
              )}
            >
              <Kbd>{String(option.key)}</Kbd>
              <span className="clip">{option.label}</span>
            </button>
          </li>
        ))}
      </ul>
      <Field label={t("review.reject.note")}>
        <TextArea
          ref={field}
          value={note}
          rows={2}
          maxLength={NOTE_MAX_CHARS}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      <div className="flex items-center gap-2">
        <p className="text-11 text-fg-muted">
          {t("review.reject.hint", { reason: usual?.label ?? options.default_reason })}
        </p>
        <Button
          tone="danger-outline"
          className="ml-auto"
          disabled={note.trim() === ""}
          busy={busy}
          onClick={() => onReject(chosen, note.trim())}
        >
          {t("review.reject.with")} <KeyHint action="commit" onButton />
        </Button>
      </div>
    </div>
  );
}

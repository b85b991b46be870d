// Passing on: to whom it goes and why, in one's own words.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/parts/Button";
import { Field } from "@/shared/parts/Field";
import { KeyHint } from "@/shared/parts/Kbd";
import { TextArea } from "@/shared/parts/TextInput";
import { useMe } from "@/shared/session/useMe";

const NOTE_MAX_CHARS = 2_000;

export interface EscalatePanelProps {
  busy: boolean;
  onEscalate: (note: string) => void;
  onClose: () => void;
}

export function EscalatePanel({ busy, onEscalate, onClose }: EscalatePanelProps) {
  const { t } = useTranslation();
  const { solo } = useMe();
  const panel = useRef<HTMLDivElement>(null);
  const heading = useId();
  const [note, setNote] = useState("");
  const ready = note.trim() !== "" && !busy;

  useEffect(() => {
    const before = document.activeElement;
    panel.current?.querySelector("textarea")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (ready) onEscalate(note.trim());
    } else return;
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
        {t("review.escalate.title")}
      </h2>
      <p className="text-12 text-fg-muted">
        {t(solo ? "review.escalate.solo" : "review.escalate.whom")}
      </p>
      <Field label={t("review.escalate.note")}>
        <TextArea
          value={note}
          rows={2}
          maxLength={NOTE_MAX_CHARS}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      <Button
        className="self-end"
        disabled={!ready}
        busy={busy}
        onClick={() => onEscalate(note.trim())}
      >
        {t("review.escalate.do")} <KeyHint action="commit" onButton />
      </Button>
    </div>
  );
}

// A question that needs an answer before anything else. Never opened on top of another.
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "./Button";
import { Field } from "./Field";
import { Icon } from "./Icon";
import { Kbd } from "./Kbd";
import { TextInput } from "./TextInput";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** Buttons, the one that acts last. */
  actions?: ReactNode;
  wide?: boolean;
}

/** Where the focus stood when it opened. The library would go back to what had it last, however long ago. */
function useReturn(open: boolean): () => HTMLElement | false {
  const before = useRef<{ open: boolean; at: Element | null }>({ open: false, at: null });
  // While rendering: fields inside take the focus before any effect runs.
  if (open !== before.current.open) {
    before.current = { open, at: open ? document.activeElement : before.current.at };
  }
  return () => {
    const { at } = before.current;
    return at instanceof HTMLElement && at !== document.body && at.isConnected ? at : false;
  };
}

export function Dialog({ open, onClose, title, children, actions, wide = false }: DialogProps) {
  const { t } = useTranslation();
  const popup = useRef<HTMLDivElement>(null);
  const back = useReturn(open);
  // The first field if there is one; never the button that closes.
  const first = () => popup.current?.querySelector<HTMLElement>("input, textarea") ?? popup.current;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-(--dur-enter) data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          ref={popup}
          initialFocus={first}
          finalFocus={back}
          className={`floating moves fixed top-[14vh] left-1/2 z-40 flex max-h-[72vh] -translate-x-1/2 flex-col rounded-12! p-4 outline-none ${
            wide ? "w-[min(760px,92vw)]" : "w-[min(440px,92vw)]"
          }`}
        >
          <div className="mb-1.5 flex items-start gap-3">
            <Base.Title className="text-15 font-semibold text-fg-strong">{title}</Base.Title>
            {/* Without a tooltip: Escape closes the dialog, not first the tooltip of its own button. */}
            <Base.Close
              aria-label={t("parts.close")}
              className={`${buttonClass("quiet", "sm")} ml-auto w-6 px-0!`}
            >
              <Icon of={X} size="sm" />
            </Base.Close>
          </div>
          {/* The margin leaves room for focus rings inside what scrolls. */}
          <div className="-m-1 min-h-0 overflow-auto p-1">{children}</div>
          {actions && <div className="mt-3 flex items-center justify-end gap-1.5">{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  /** What will happen, to how many, whether it can be taken back, and who will know. */
  children: ReactNode;
  confirm: string;
  /** The word that must be typed; for what stops everything or pays. */
  word?: string;
  busy?: boolean;
}

/** The way out of a dialog, with the key that does the same. */
export function CancelButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button onClick={onClick}>
      {t("parts.cancel")} <Kbd>{t("keys.name.escape")}</Kbd>
    </Button>
  );
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onClose, onConfirm, title, children, confirm, word, busy = false } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const ready = word === undefined || typed.trim().toLowerCase() === word;
  const close = () => {
    setTyped("");
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      actions={
        <>
          <CancelButton onClick={close} />
          <Button tone="danger" disabled={!ready} busy={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2.5">
        <p>{children}</p>
        {word !== undefined && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (ready && !busy) onConfirm();
            }}
          >
            <Field label={t("parts.confirm.type", { word })}>
              <TextInput
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                autoFocus
              />
            </Field>
          </form>
        )}
      </div>
    </Dialog>
  );
}

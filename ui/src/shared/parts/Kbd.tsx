// Keys as they are printed: one cap, or the caps of a chord or of an action from the key table.
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import { type Chord, type KeyName, keyCaps, onMac, parseKeys } from "@/shared/keys/chord";
import type { Action } from "@/shared/keys/table";
import { useKeysFor } from "@/shared/keys/useKey";

export function Kbd({ children, className }: { children: string; className?: string }) {
  return (
    <kbd
      className={clsx(
        "inline-grid h-[18px] min-w-[18px] flex-none place-items-center rounded-4 border border-line-strong",
        "px-1 font-sans text-11 font-medium text-fg-muted",
        className,
      )}
    >
      {children}
    </kbd>
  );
}

const ON_BUTTON = "border-current/35! text-inherit!";

/** The caps of written keys such as "Ctrl+Shift+." or "g h". */
export function KeyCaps({ keys, onButton = false }: { keys: string; onButton?: boolean }) {
  const { t } = useTranslation();
  const name = (key: KeyName) => t(`keys.name.${key}`);
  const chords: Chord[] = parseKeys(keys);
  return (
    <span className="inline-flex flex-none items-center gap-1">
      {chords.map((chord, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place in the sequence is what a chord is here
        <span key={index} className="inline-flex items-center gap-1">
          {index > 0 && <span className="text-11 text-fg-muted">{t("keys.sheet.followedBy")}</span>}
          {keyCaps(chord, onMac(), name).map((cap) => (
            <Kbd key={cap} className={clsx(onButton && ON_BUTTON)}>
              {cap}
            </Kbd>
          ))}
        </span>
      ))}
    </span>
  );
}

/** The caps of an action, as the reader has set it. */
export function KeyHint({ action, onButton = false }: { action: Action; onButton?: boolean }) {
  return <KeyCaps keys={useKeysFor(action)} onButton={onButton} />;
}

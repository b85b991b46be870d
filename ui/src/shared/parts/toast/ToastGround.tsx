// Where toasts appear: over the lower left of the room, never over the action bar. Z takes the newest back.
import { Toast } from "@base-ui/react/toast";
import { clsx } from "clsx";
import { CircleCheck, CircleX, Info, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useKey } from "@/shared/keys/useKey";
import { Button } from "@/shared/parts/Button";
import { type Glyph, Icon } from "@/shared/parts/Icon";
import { IconButton } from "@/shared/parts/IconButton";
import { UndoRing } from "@/shared/parts/UndoRing";
import { type ToastData, type ToastTone, takeBackNewest, toasts } from "./toasts";

const SHOWN_MAX = 4;
const LOOKS: Record<ToastTone, { icon: Glyph; text: string; edge: string }> = {
  done: { icon: CircleCheck, text: "text-ok", edge: "" },
  note: { icon: Info, text: "text-info", edge: "" },
  failed: { icon: CircleX, text: "text-bad", edge: "border-bad-line!" },
};

export interface ToastBodyProps {
  title: ReactNode;
  text?: ReactNode;
  data: ToastData;
  onClose?: () => void;
}

/** The look of a toast; the gallery shows it without the machinery. */
export function ToastBody({ title, text, data, onClose }: ToastBodyProps) {
  const { t } = useTranslation();
  const look = LOOKS[data.tone];
  return (
    <>
      {data.held ? <UndoRing {...data.held} /> : <Icon of={look.icon} className={look.text} />}
      <div className="min-w-0 flex-1">
        <div className="font-medium text-fg-strong [overflow-wrap:anywhere]">{title}</div>
        {/* What went well names its post in a line; what went wrong is said whole. */}
        {text && (
          <div
            className={clsx(
              "text-12 text-fg-muted [overflow-wrap:anywhere]",
              data.tone !== "failed" && "line-clamp-1",
            )}
          >
            {text}
          </div>
        )}
      </div>
      {data.action && (
        <Button
          size="sm"
          onClick={data.action.run}
          {...(data.action.key ? { action: data.action.key } : {})}
        >
          {data.action.label}
        </Button>
      )}
      {onClose && !data.held && (
        <IconButton icon={X} size="sm" label={t("parts.dismiss")} onClick={onClose} />
      )}
    </>
  );
}

export function toastClass(data: ToastData): string {
  return clsx("floating flex items-center gap-2.5 py-2 pr-2 pl-2.5", LOOKS[data.tone].edge);
}

/** An older one that is held: a key printed on it would take back another. */
function withoutKey({ action, ...data }: ToastData): ToastData {
  if (!action) return data;
  const { key: _, ...keyless } = action;
  return { ...data, action: keyless };
}

function ToastList() {
  const { toasts: shown, close } = Toast.useToastManager<ToastData>();
  // The newest stands first, and its key takes back that one alone.
  const newest = shown.find(({ data }) => data?.held)?.id;
  return shown.map((toast) => {
    const given: ToastData = toast.data ?? { tone: "note" };
    const data = given.held && toast.id !== newest ? withoutKey(given) : given;
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        swipeDirection={["left", "down"]}
        className={clsx(toastClass(data), "moves data-[limited]:hidden")}
      >
        <ToastBody
          title={<Toast.Title render={<span />}>{toast.title}</Toast.Title>}
          text={toast.description && <Toast.Description render={<span />} />}
          data={data}
          onClose={() => close(toast.id)}
        />
      </Toast.Root>
    );
  });
}

export function ToastGround({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  useKey("undo", takeBackNewest);
  return (
    <Toast.Provider toastManager={toasts} limit={SHOWN_MAX}>
      {children}
      <Toast.Portal>
        <Toast.Viewport
          aria-label={t("parts.toast.region")}
          className="above-bars fixed left-[calc(var(--sidebar-w)+10px)] z-30 flex w-[292px] flex-col-reverse gap-2 outline-none"
        >
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

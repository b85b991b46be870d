// Over a room while the line is down: since when, what that means, and when the next try is. Nothing while it stands.
import { WifiOff } from "lucide-react";
import { createContext } from "react";
import { useTranslation } from "react-i18next";
import { reconnect, useLive } from "@/ipc/live";
import { SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Button } from "./Button";
import { Icon } from "./Icon";

/** True below a room that says it already: what could not be read there need not say it again. */
export const OfflineSaid = createContext(false);

/** When the line went down, as people here write it. */
export function sinceTime(since: number): string {
  return new Date(since).toLocaleTimeString(formatLocale(), {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

function NextTry({ at }: { at: number }) {
  const { t } = useTranslation();
  const left = Math.max(0, at - useNow(SECOND_MS));
  const seconds = Math.ceil(left / SECOND_MS);
  return <span className="text-fg-muted tnum">{t("parts.state.nextTry", { seconds })}</span>;
}

export function OfflineNote() {
  const { t } = useTranslation();
  const connection = useLive((live) => live.connection);
  if (connection.state !== "offline") return null;
  const { since, retryAt } = connection;
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-2.5 gap-y-1 border-warn-line border-b bg-warn-soft px-4 py-1.5 text-12">
      <span className="flex flex-none items-center gap-2 font-semibold text-warn">
        <Icon of={WifiOff} size="sm" />
        {t("parts.state.offlineTitle", { time: sinceTime(since) })}
      </span>
      <span className="text-fg">{t("parts.state.offlineText")}</span>
      <span className="ml-auto flex flex-none items-center gap-2.5">
        {retryAt !== null && <NextTry at={retryAt} />}
        <Button size="sm" onClick={reconnect}>
          {t("parts.state.tryNow")}
        </Button>
      </span>
    </div>
  );
}

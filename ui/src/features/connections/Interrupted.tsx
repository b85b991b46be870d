// A far side that is left alone after failures: since when, until when, and why.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { formatLocale } from "@/shared/i18n/locale";
import { Callout } from "@/shared/parts/Callout";

function timeOfDay(at: string): string {
  const format = {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  } as const;
  return new Date(at).toLocaleTimeString(formatLocale(), format);
}

export function Interrupted({ by }: { by: Wire<"Interruption"> }) {
  const { t } = useTranslation();
  return (
    <Callout tone="warn">
      {t(`connections.breaker.${by.state}`, {
        since: timeOfDay(by.since),
        probe: timeOfDay(by.probe_at),
      })}{" "}
      <span className="text-fg-muted">{t("connections.breaker.last", { cause: by.cause })}</span>
    </Callout>
  );
}

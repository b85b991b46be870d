// Alerts that a person should know, security events with whether they were stopped, and steps that were given up.
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { Alerts } from "./Alerts";
import { DeadLetters } from "./DeadLetters";
import { SecurityEvents } from "./SecurityEvents";

export function IncidentsRoom() {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.incidents")}>
      <div className="grid min-h-0 flex-1 grid-cols-2 content-start items-start gap-3.5 overflow-y-auto px-5 py-4">
        <div className="flex min-w-0 flex-col gap-3.5">
          <Alerts />
          <DeadLetters />
        </div>
        <SecurityEvents />
      </div>
    </Room>
  );
}

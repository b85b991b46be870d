// What stands between a plan and its start: a refused connection, a conflict, what the server would not take.
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { IconButton } from "@/shared/parts/IconButton";
import { circleWords, type Steps } from "./plan";
import type { PlanEdit } from "./usePlanEdit";

export interface PlanTroubleProps {
  edit: PlanEdit;
  /** Why the last connection was refused here. */
  refused: string | null;
  startFailed: ApiError | null;
  onDismiss: () => void;
}

/** The keys of the circle that the server found; empty when it names none. */
export function circleIn(error: ApiError): readonly string[] {
  const { circle } = error.details;
  if (error.code !== "PLAN_CYCLE" || !Array.isArray(circle)) return [];
  return circle.filter((key): key is string => typeof key === "string");
}

function Failed({ title, error, steps }: { title: string; error: ApiError; steps: Steps }) {
  const { t } = useTranslation();
  const circle = circleIn(error);
  return (
    <Callout tone="bad">
      <b className="font-semibold">{title}</b>{" "}
      {circle.length > 0
        ? t("campaigns.plan.circleServer", { steps: circleWords(steps, circle) })
        : [error.message, error.hint].filter(Boolean).join(" ")}
    </Callout>
  );
}

export function PlanTrouble({ edit, refused, startFailed, onDismiss }: PlanTroubleProps) {
  const { t } = useTranslation();
  const { failed, conflict, steps } = edit;
  if (!refused && !conflict && !failed && !startFailed) return null;
  return (
    <div role="alert" className="flex flex-none flex-col gap-2 border-line border-b px-4 py-2.5">
      {refused && (
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <Callout tone="bad">
              <b className="font-semibold">{t("campaigns.plan.circle")}</b> {refused}
            </Callout>
          </div>
          <IconButton size="sm" icon={X} label={t("parts.dismiss")} onClick={onDismiss} />
        </div>
      )}
      {conflict && (
        <Callout
          tone="warn"
          actions={
            <>
              <Button size="sm" onClick={edit.takeTheirs}>
                {t("campaigns.plan.takeTheirs")}
              </Button>
              <Button size="sm" busy={edit.saving} onClick={() => void edit.putMine()}>
                {t("campaigns.plan.putMine")}
              </Button>
            </>
          }
        >
          <b className="font-semibold">{t("campaigns.plan.conflict")}</b>{" "}
          {t("campaigns.plan.conflictText")}
        </Callout>
      )}
      {failed && !conflict && (
        <Failed title={t("campaigns.plan.saveFailed")} error={failed} steps={steps} />
      )}
      {startFailed && (
        <Failed title={t("campaigns.plan.startFailed")} error={startFailed} steps={steps} />
      )}
    </div>
  );
}

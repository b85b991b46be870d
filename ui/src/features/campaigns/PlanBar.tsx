// Above the plan: which revision it is, and what can be done to it, each with its key.
import { Plus, RefreshCw, Save, Undo2, Waypoints } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Popover } from "@/shared/parts/Popover";
import type { PlanEdit } from "./usePlanEdit";

export interface PlanBarProps {
  plan: Wire<"Plan">;
  edit: PlanEdit;
  editable: boolean;
  onAdd: () => void;
  onConnect: () => void;
  onAgain: () => void;
}

export function PlanBar({ plan, edit, editable, onAdd, onConnect, onAgain }: PlanBarProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-none flex-wrap items-center gap-1.5 border-line border-b py-1.5 pr-3 pl-4">
      <h2 className="font-semibold text-fg-strong">{t("campaigns.plan.title")}</h2>
      <Badge>{t("campaigns.plan.revision", { number: plan.revision })}</Badge>
      {edit.dirty && <Badge tone="warn">{t("campaigns.plan.changed")}</Badge>}
      <span className="text-12 text-fg-muted tnum max-wide:sr-only">
        {t("campaigns.plan.steps", { count: edit.steps.length })}
      </span>
      <Popover
        title={t("campaigns.plan.rationale")}
        trigger={
          <Button size="sm" tone="quiet">
            {t("campaigns.plan.rationale")}
          </Button>
        }
      >
        <p className="text-12 leading-[18px]">{plan.rationale}</p>
        <p className="mt-1.5 text-12 text-fg-muted">
          {t("campaigns.plan.author", { author: plan.author })}
        </p>
      </Popover>
      {editable && (
        <span className="ml-auto flex flex-wrap items-center gap-1.5">
          <Button
            tone="quiet"
            icon={Undo2}
            action="undo"
            disabled={!edit.canUndo}
            onClick={edit.undo}
          >
            {t("campaigns.plan.undo")}
          </Button>
          <Button icon={Plus} action="addStep" onClick={onAdd}>
            {t("campaigns.plan.addStep")}
          </Button>
          <Button icon={Waypoints} action="connect" onClick={onConnect}>
            {t("campaigns.plan.connect")}
          </Button>
          <Button icon={RefreshCw} onClick={onAgain}>
            {t("campaigns.plan.again")}
          </Button>
          <Button
            icon={Save}
            action="save"
            disabled={!edit.dirty}
            busy={edit.saving}
            onClick={() => void edit.save()}
          >
            {t("campaigns.plan.save")}
          </Button>
        </span>
      )}
    </div>
  );
}

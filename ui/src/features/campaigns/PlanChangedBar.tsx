// Above the progress: that the plan was changed after a step failed, and why; or that another way is being looked for.
import { Waypoints } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";

export function PlanChangedBar({ tasks }: { tasks: readonly Wire<"Task">[] }) {
  const { t } = useTranslation();
  const asked = tasks.filter(({ kind }) => kind === "replan");
  const newest = asked.at(-1);
  if (!newest || newest.state === "failed" || newest.state === "cancelled") return null;
  return (
    <p
      role="status"
      className="flex flex-none items-center gap-2 border-line border-b bg-raised px-4 py-1.5 text-12 text-fg"
    >
      <Icon of={Waypoints} size="sm" />
      <span className="[overflow-wrap:anywhere]">
        {newest.state === "completed" ? (
          <HiddenText>{newest.title}</HiddenText>
        ) : (
          t("campaigns.page.planChanging")
        )}
      </span>
    </p>
  );
}

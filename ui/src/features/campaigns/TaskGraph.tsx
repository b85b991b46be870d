// A campaign's steps as they stand now.
import { Link } from "@tanstack/react-router";
import { Route } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { buttonClass } from "@/shared/parts/Button";
import { PlanGraph } from "@/shared/parts/plan/PlanGraph";
import { DegradedState, EmptyState } from "@/shared/parts/States";
import { drawnTasks } from "./drawn";
import { phaseOf, taintedTasks } from "./plan";
import { PHASE_ICONS, useDrawWords } from "./useDrawWords";

export interface TaskGraphProps {
  graph: Wire<"Graph">;
  campaign: Wire<"Campaign">;
  selected: string | null;
  onSelect: (id: string | null) => void;
}

export function TaskGraph({ graph, campaign, selected, onSelect }: TaskGraphProps) {
  const { t } = useTranslation();
  const words = useDrawWords();
  if (graph.nodes.length === 0) {
    return (
      <div className="m-auto">
        <EmptyState
          icon={Route}
          title={t("campaigns.page.noTasks")}
          text={t("campaigns.page.noTasksText")}
          action={
            campaign.status === "DRAFT" && (
              <Link to={at.compose(campaign.id) as string} className={buttonClass("primary", "sm")}>
                {t("campaigns.page.openPlan")}
              </Link>
            )
          }
        />
      </div>
    );
  }
  const tainted = taintedTasks(graph);
  const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]));
  return (
    <>
      {!graph.complete && (
        <div className="flex-none border-line border-b p-2.5">
          <DegradedState title={t("campaigns.page.partial", { count: graph.nodes.length })}>
            {t("campaigns.page.partialText")}
          </DegradedState>
        </div>
      )}
      <div className="relative min-h-0 flex-1">
        <PlanGraph
          steps={drawnTasks(graph.nodes, tainted, words)}
          links={graph.edges.map(({ needs, task }) => ({
            from: needs,
            to: task,
            tainted: tainted.has(needs),
          }))}
          selected={selected}
          onSelect={onSelect}
          iconOf={({ id }) => {
            const kind = kinds.get(id);
            return kind && PHASE_ICONS[phaseOf(kind)];
          }}
        />
      </div>
    </>
  );
}

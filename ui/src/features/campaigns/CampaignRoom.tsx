// One campaign: how far it is, what it made, what is about to leave.
import { Link } from "@tanstack/react-router";
import { ListTree } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { useKey } from "@/shared/keys/useKey";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { buttonClass } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { FaultWords } from "@/shared/parts/FaultWords";
import { Icon } from "@/shared/parts/Icon";
import { KeyHint } from "@/shared/parts/Kbd";
import { Panes } from "@/shared/parts/Panes";
import { Tabs } from "@/shared/parts/Tabs";
import { useMay } from "@/shared/session/useMe";
import { BudgetNote } from "./BudgetNote";
import { CallsList } from "./CallsList";
import { CampaignActs, CopyLink } from "./CampaignActs";
import { Progress } from "./CampaignRow";
import { toLookAt } from "./drawn";
import { EffectsList } from "./EffectsList";
import { PlanChangedBar } from "./PlanChangedBar";
import { PostsList } from "./PostsList";
import { StatusBadge } from "./StatusBadge";
import { TaskGraph } from "./TaskGraph";
import { TaskList } from "./TaskList";
import { TaskPane } from "./TaskPane";
import { WaitsBar } from "./WaitsBar";

export interface CampaignRoomProps {
  campaign: string;
}

type View = "steps" | "posts" | "actions" | "calls";

export function CampaignRoom({ campaign: id }: CampaignRoomProps) {
  const { t } = useTranslation();
  const path = { params: { path: { campaign: id } } };
  const campaign = hooks.useQuery("get", "/api/v1/campaigns/{campaign}", path);
  return (
    <Room
      above={<Link to={at.campaigns as string}>{t("frame.room.campaigns")}</Link>}
      title={campaign.data?.name ?? t("campaigns.page.unnamed")}
      beside={campaign.data && <StatusBadge status={campaign.data.status} />}
      aside={
        campaign.data && (
          <>
            <div className="w-36 max-wide:hidden">
              <Progress name={campaign.data.name} progress={campaign.data.progress} />
            </div>
            <span className="flex items-center gap-1.5">
              <Link to={at.trace(campaign.data.trace) as string} className={buttonClass()}>
                <Icon of={ListTree} />
                {t("campaigns.page.trace")}
              </Link>
              <CampaignActs campaign={campaign.data} />
            </span>
          </>
        )
      }
    >
      <Await query={campaign} failed={t("campaigns.page.failed")} className="p-4">
        {(row) => <Campaign campaign={row} />}
      </Await>
    </Room>
  );
}

function Campaign({ campaign }: { campaign: Wire<"Campaign"> }) {
  const { t } = useTranslation();
  const mayWrite = useMay("campaign_write");
  const maySpending = useMay("spending_read");
  const path = { params: { path: { campaign: campaign.id } } };
  const graph = hooks.useQuery("get", "/api/v1/campaigns/{campaign}/graph", path);
  // Undefined until there are steps: then the one that asks for a look is open, and from there on people choose.
  const [selected, setSelected] = useState<string | null | undefined>(undefined);
  const [view, setView] = useState<View>("steps");
  const tasks = graph.data?.nodes ?? [];
  const first = toLookAt(tasks);
  if (selected === undefined && first) setSelected(first.id);
  const chosen = tasks.find(({ id }) => id === selected) ?? null;
  const move = (by: number) => {
    const here = tasks.findIndex(({ id }) => id === selected);
    const next = tasks[Math.min(tasks.length - 1, Math.max(0, here + by))];
    if (!next) return false;
    setSelected(next.id);
    return true;
  };
  useKey("next", () => move(1));
  useKey("previous", () => move(-1));
  return (
    <Panes
      id="campaign"
      right={{
        name: t("campaigns.step.inspector"),
        width: 300,
        narrow: 260,
        min: 230,
        max: 480,
        children: <TaskPane task={chosen} />,
      }}
    >
      <div className="flex flex-none flex-wrap items-baseline gap-x-5 gap-y-2 border-line border-b bg-raised px-4 py-2">
        {campaign.goal !== campaign.name && (
          <p className="min-w-1/2 flex-1 text-fg-strong">{campaign.goal}</p>
        )}
        <BudgetNote campaign={campaign} />
      </div>
      {campaign.fault && (
        <div className="flex-none border-line border-b px-4 py-2.5">
          <Callout tone="bad" actions={mayWrite && <CopyLink campaign={campaign} small />}>
            <FaultWords {...campaign.fault} />
          </Callout>
        </div>
      )}
      <PlanChangedBar tasks={tasks} />
      <WaitsBar tasks={tasks} />
      <div className="relative flex min-h-0 flex-[1.1] flex-col max-wide:flex-[1.6]">
        <Await query={graph} failed={t("campaigns.page.graphFailed")} className="p-4">
          {(data) => (
            <TaskGraph
              graph={data}
              campaign={campaign}
              selected={selected ?? null}
              onSelect={setSelected}
            />
          )}
        </Await>
      </div>
      <div className="flex min-h-0 flex-1 flex-col border-line border-t bg-surface">
        <Tabs
          label={t("campaigns.page.tabs")}
          value={view}
          onChange={setView}
          aside={
            view === "steps" && (
              <>
                <KeyHint action="next" />
                <KeyHint action="previous" />
              </>
            )
          }
          tabs={[
            {
              value: "steps",
              label: t("campaigns.page.steps"),
              count: String(tasks.length),
              panel: <TaskList tasks={tasks} selected={selected ?? null} onSelect={setSelected} />,
            },
            {
              value: "posts",
              label: t("campaigns.page.posts"),
              panel: <PostsList campaign={campaign.id} />,
            },
            {
              value: "actions",
              label: t("campaigns.page.actions"),
              panel: <EffectsList campaign={campaign.id} />,
            },
            ...(maySpending
              ? [
                  {
                    value: "calls" as const,
                    label: t("campaigns.page.calls"),
                    panel: <CallsList campaign={campaign.id} tasks={tasks} />,
                  },
                ]
              : []),
          ]}
        />
      </div>
    </Panes>
  );
}

// A campaign with its plan, or with the question for one.
import { Link } from "@tanstack/react-router";
import { Coins, Repeat, Route, Rss, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { type ApiError, asApiError } from "@/ipc/errors";
import { at } from "@/shared/addresses";
import { formatUsd } from "@/shared/format/money";
import { SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Room } from "@/shared/layout/Room";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button, buttonClass } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { EmptyState, LoadingState } from "@/shared/parts/States";
import { useMay } from "@/shared/session/useMe";
import { FeedsTrouble } from "./FeedsTrouble";
import { PlanEditor } from "./PlanEditor";
import { StatusBadge } from "./StatusBadge";
import { unreadable, useFeedTests } from "./useFeedTests";
import { forgetPlanChanges } from "./usePlanEdit";

interface SettingsProps {
  campaign: Wire<"Campaign">;
  /** Addresses that could not be read just now. */
  unread: ReadonlySet<string>;
}

function Settings({ campaign, unread }: SettingsProps) {
  const { t } = useTranslation();
  return (
    <section className="flex flex-none flex-col gap-2 border-line border-b bg-raised px-4 py-3">
      <h2 className="flex items-baseline text-12">
        <b className="font-semibold text-fg-strong">{t("campaigns.compose.goal")}</b>
        <span className="ml-auto text-fg-muted">{t("campaigns.compose.fixed")}</span>
      </h2>
      <p className="text-15 text-fg-strong leading-6">{campaign.goal}</p>
      <div className="flex flex-wrap items-center gap-1.5">
        <Badge tone="outline">
          <AgentAvatar id={campaign.agent.id} name={campaign.agent.name} size="xs" />
          {campaign.agent.name}
        </Badge>
        {campaign.platforms.map((platform) => (
          <Badge key={platform} tone="outline">
            {t(`post.network.${platform}`)}
          </Badge>
        ))}
        <Badge tone="outline" icon={Repeat}>
          {t("campaigns.perDay", { count: campaign.max_posts_per_day })}
        </Badge>
        <Badge tone="outline" icon={Coins}>
          {t("campaigns.budget", { amount: formatUsd(campaign.daily_budget, formatLocale()) })}
        </Badge>
        {campaign.feeds.map((feed) => (
          <Badge
            key={feed}
            tone={unread.has(feed) ? "warn" : "outline"}
            icon={unread.has(feed) ? TriangleAlert : Rss}
            className="max-w-80"
          >
            <span className="clip">{feed}</span>
          </Badge>
        ))}
      </div>
    </section>
  );
}

/** How long the planner has been thinking; it says nothing else meanwhile. */
function Thinking({ since }: { since: number }) {
  const { t } = useTranslation();
  const seconds = Math.max(0, Math.floor((useNow(SECOND_MS) - since) / SECOND_MS));
  return (
    <div className="p-4">
      <LoadingState rows={4} progress={t("campaigns.compose.planning", { seconds })} />
    </div>
  );
}

function PlanFailed({ error }: { error: ApiError }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex-none border-line border-b px-4 py-2.5">
      <Callout tone="bad">
        <b className="font-semibold">{t("campaigns.compose.failedPlan")}</b> {error.message}{" "}
        {error.hint}
      </Callout>
    </div>
  );
}

export function DraftPane({ campaign: id }: { campaign: string }) {
  const { t } = useTranslation();
  const mayWrite = useMay("campaign_write");
  const path = { params: { path: { campaign: id } } };
  const campaign = hooks.useQuery("get", "/api/v1/campaigns/{campaign}", path);
  const plan = hooks.useQuery("get", "/api/v1/campaigns/{campaign}/plan", path);
  const skills = hooks.useQuery("get", "/api/v1/skills");
  const make = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/plan", {
    onSuccess: () => forgetPlanChanges(id),
  });
  const [since, setSince] = useState(0);
  const [replacing, setReplacing] = useState(false);
  const none = plan.data === undefined && plan.error && asApiError(plan.error).code === "NOT_FOUND";
  const editable = mayWrite && campaign.data?.status === "DRAFT";
  const feeds = useFeedTests(campaign.data?.feeds ?? [], editable);
  const unread = unreadable(feeds);
  const ask = () => {
    setReplacing(false);
    setSince(Date.now());
    make.mutate(path);
  };
  const title = campaign.data?.name ?? t("frame.room.campaigns");
  return (
    <Room
      above={<Link to={at.campaigns as string}>{t("frame.room.campaigns")}</Link>}
      title={title}
      beside={campaign.data && <StatusBadge status={campaign.data.status} />}
      aside={
        campaign.data &&
        campaign.data.status !== "DRAFT" && (
          <Link to={at.campaign(id) as string} className={buttonClass("primary")}>
            {t("campaigns.plan.openCampaign")}
          </Link>
        )
      }
    >
      <Await query={campaign} failed={t("campaigns.page.failed")} className="p-4">
        {(row) => (
          <>
            <Settings campaign={row} unread={new Set(unread.map(({ url }) => url))} />
            {!editable && (
              <p className="flex-none border-line border-b px-4 py-2 text-12 text-fg-muted">
                {t(mayWrite ? "campaigns.plan.started" : "campaigns.plan.readOnly")}
              </p>
            )}
            <FeedsTrouble feeds={feeds} />
            {make.error !== null && <PlanFailed error={asApiError(make.error)} />}
            {make.isPending ? (
              <Thinking since={since} />
            ) : none ? (
              <div className="m-auto">
                <EmptyState
                  icon={Route}
                  title={t("campaigns.plan.none")}
                  text={t("campaigns.plan.noneText")}
                  action={
                    editable && (
                      <Button tone="primary" onClick={ask}>
                        {t("campaigns.plan.ask")}
                      </Button>
                    )
                  }
                />
              </div>
            ) : (
              <Await query={plan} failed={t("campaigns.plan.failed")} className="p-4" rows={4}>
                {(stored) => (
                  <PlanEditor
                    campaign={row}
                    plan={stored}
                    skills={skills.data?.items ?? []}
                    editable={editable}
                    unread={unread.length}
                    onAgain={() => setReplacing(true)}
                    refetch={async () => (await campaign.refetch()).data}
                  />
                )}
              </Await>
            )}
            <ConfirmDialog
              open={replacing}
              onClose={() => setReplacing(false)}
              onConfirm={ask}
              title={t("campaigns.plan.againTitle")}
              confirm={t("campaigns.plan.againConfirm")}
            >
              {t("campaigns.plan.againText")}
            </ConfirmDialog>
          </>
        )}
      </Await>
    </Room>
  );
}

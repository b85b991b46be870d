// One campaign in the list: how it stands, who speaks, how far it is, what it may do.
import { Link, useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Copy, Ellipsis, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { formatUsd } from "@/shared/format/money";
import { formatLocale } from "@/shared/i18n/locale";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { IconButton } from "@/shared/parts/IconButton";
import { Menu, MenuItem } from "@/shared/parts/Menu";
import { Meter } from "@/shared/parts/Meter";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { useMay } from "@/shared/session/useMe";
import { StatusBadge } from "./StatusBadge";

export const COLUMNS =
  "grid grid-cols-[88px_minmax(0,1fr)_150px_170px_130px_96px] items-center gap-3 pr-11 pl-4 max-wide:grid-cols-[84px_minmax(0,1fr)_120px_140px_110px_84px]";

/** Where a campaign is worked on: in the composer while it is a draft. */
export function placeOf({ id, status }: Pick<Wire<"Campaign">, "id" | "status">): string {
  return status === "DRAFT" ? at.compose(id) : at.campaign(id);
}

export function Progress({ name, progress }: { name: string; progress: Wire<"Progress"> }) {
  const { t } = useTranslation();
  const { completed, failed, rejected, open, cancelled } = progress;
  // What a person rejected is written again and counted there: it is neither work left nor a fault.
  const all = completed + failed + open + cancelled;
  if (all === 0) return <span className="text-12 text-fg-faint">{t("campaigns.notStarted")}</span>;
  return (
    <span className="flex min-w-0 flex-col gap-1.5">
      <span className="flex gap-2 text-12 text-fg-muted tnum">
        {t("campaigns.done", { done: completed, all })}
        {failed > 0 && (
          <span className="text-bad">{t("campaigns.failedSteps", { count: failed })}</span>
        )}
        {rejected > 0 && <span>{t("campaigns.rejectedSteps", { count: rejected })}</span>}
      </span>
      <Meter
        share={completed / all}
        label={t("campaigns.progressAria", { done: completed, all, name })}
        tone={failed > 0 ? "warn" : completed === all ? "ok" : "accent"}
      />
    </span>
  );
}

export interface CampaignRowProps {
  campaign: Wire<"Campaign">;
  selected: boolean;
}

/** What else can be done with a campaign; it lies over the row's link, not in it. */
function RowMenu({ campaign: { id, name, status } }: { campaign: Wire<"Campaign"> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (!useMay("campaign_write")) return null;
  const failed = status === "FAILED";
  return (
    <span className="absolute top-1/2 right-2.5 -translate-y-1/2">
      <Menu
        trigger={
          <IconButton size="sm" icon={Ellipsis} label={t("campaigns.copy.menu", { name })} />
        }
      >
        <MenuItem
          icon={failed ? RotateCcw : Copy}
          onSelect={() =>
            void navigate({ to: at.compose() as string, search: { from: id } as never })
          }
        >
          {t(failed ? "campaigns.copy.again" : "campaigns.copy.as")}
        </MenuItem>
      </Menu>
    </span>
  );
}

/** Whether the name only repeats how the goal begins. */
function shortens(name: string, goal: string): boolean {
  return goal.startsWith(name.replace(/…$/, ""));
}

export function CampaignRow({ campaign, selected }: CampaignRowProps) {
  const { t } = useTranslation();
  const { agent, name, goal, progress } = campaign;
  return (
    <div className="relative">
      <Link
        to={placeOf(campaign) as string}
        aria-current={selected ? "true" : undefined}
        className={clsx(
          COLUMNS,
          "h-[58px] border-line border-b hover:bg-hover focus-visible:-outline-offset-2",
          selected && "bg-selected inset-shadow-[2px_0_0_var(--accent)]",
        )}
      >
        <span className="flex">
          <StatusBadge status={campaign.status} />
        </span>
        <span className="min-w-0">
          {shortens(name, goal) ? (
            <b className="line-clamp-2 font-medium text-fg-strong leading-[18px]">{goal}</b>
          ) : (
            <>
              <b className="clip block font-medium text-fg-strong">{name}</b>
              <span className="clip block text-12 text-fg-muted">{goal}</span>
            </>
          )}
        </span>
        <span className="flex min-w-0 items-center gap-2">
          <AgentAvatar id={agent.id} name={agent.name} />
          <span className="clip">{agent.name}</span>
        </span>
        <Progress name={name} progress={progress} />
        <span className="text-12 text-fg-muted leading-[17px] tnum">
          <span className="block">
            {t("campaigns.perDay", { count: campaign.max_posts_per_day })}
          </span>
          <span className="block">
            {t("campaigns.budget", { amount: formatUsd(campaign.daily_budget, formatLocale()) })}
          </span>
        </span>
        <RelativeTime at={campaign.updated_at} className="text-right text-12 text-fg-muted" />
      </Link>
      <RowMenu campaign={campaign} />
    </div>
  );
}

// Below the plan: what it will likely cost, how many posts, what is to be mended, and the start.
import { clsx } from "clsx";
import { Play, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { compareDecimals } from "@/shared/format/decimal";
import { formatUsd } from "@/shared/format/money";
import { formatLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/parts/Button";
import { Figure } from "@/shared/parts/Figure";
import { Icon } from "@/shared/parts/Icon";
import { Cadence } from "./Cadence";
import type { Day } from "./cadence";
import type { Sums } from "./plan";

export interface PlanFootProps {
  campaign: Wire<"Campaign">;
  sums: Sums;
  days: readonly Day[];
  author: string;
  flaws: number;
  /** A model behind it has no price: nobody knows what it costs. */
  unpriced: boolean;
  /** Feeds that could not be read just now. */
  unread: number;
  starting: boolean;
  onStart: (() => void) | null;
}

export function PlanFoot(props: PlanFootProps) {
  const { campaign, sums, unpriced, days, author, flaws, unread, starting, onStart } = props;
  const { t } = useTranslation();
  const locale = formatLocale();
  const { data: gauge } = hooks.useQuery("get", "/api/v1/swarm/gauge");
  const waiting = gauge?.reviews_open;
  const beyond = compareDecimals(sums.capped, campaign.daily_budget) > 0;
  return (
    <div className="flex flex-none items-stretch divide-x divide-line border-line border-t bg-raised">
      <Figure
        name={t("campaigns.plan.cost")}
        value={unpriced ? t("campaigns.plan.costUnknown") : formatUsd(sums.likely, locale)}
        beside={
          unpriced
            ? t("campaigns.plan.costUnpriced")
            : sums.most === null
              ? t("campaigns.plan.costUncapped")
              : t("campaigns.plan.costBeside", { max: formatUsd(sums.most, locale) })
        }
      >
        <p className={clsx("text-12", beyond ? "text-danger" : "text-fg-muted")}>
          {t(beyond ? "campaigns.plan.costBeyond" : "campaigns.plan.costOf", {
            caps: formatUsd(sums.capped, locale),
            budget: formatUsd(campaign.daily_budget, locale),
          })}
        </p>
      </Figure>
      <Figure
        name={t("campaigns.plan.posts")}
        value={sums.posts}
        beside={t("campaigns.plan.postsOf", { count: campaign.max_posts_per_day })}
      >
        <Cadence days={days} most={campaign.max_posts_per_day} />
      </Figure>
      <Figure
        name={t("campaigns.plan.load")}
        value={sums.posts}
        beside={t("campaigns.plan.loadBeside", { count: sums.posts })}
      >
        <p className="text-12 text-fg-muted">
          {waiting !== undefined && t("campaigns.plan.loadNow", { count: waiting })}
        </p>
      </Figure>
      {/* Where it has no room it is left out, never broken into letters: that would push the plan off the screen. */}
      <p className="max-h-24 min-w-0 flex-1 overflow-hidden wrap-anywhere px-3.5 py-3 text-12 text-fg-muted max-[1380px]:hidden">
        {t("campaigns.plan.author", { author })}
      </p>
      {onStart && (
        <div className="ml-auto flex flex-none flex-col items-end justify-center gap-1.5 px-3.5 py-2.5">
          {flaws > 0 && (
            <p className="flex items-center gap-1.5 text-12 text-warn">
              <Icon of={TriangleAlert} size="sm" />
              {t("campaigns.plan.toFix", { count: flaws })}
            </p>
          )}
          {flaws === 0 && unread > 0 && (
            <p className="flex items-center gap-1.5 text-12 text-warn">
              <Icon of={TriangleAlert} size="sm" />
              {t("campaigns.plan.unread", { count: unread })}
            </p>
          )}
          <Button
            tone="primary"
            size="lg"
            icon={Play}
            action="commit"
            busy={starting}
            disabled={flaws > 0 || beyond}
            onClick={onStart}
          >
            {t(unread > 0 ? "campaigns.plan.startAnyway" : "campaigns.plan.start")}
          </Button>
          <p className="text-11 text-fg-muted">{t("campaigns.plan.nothingLeaves")}</p>
        </div>
      )}
    </div>
  );
}

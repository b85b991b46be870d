// What a campaign spent today of its budget, and that it stands still when the budget is used up. A day is a day in UTC.
// What is paused or over does not stand still for money, and does not go on tomorrow.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Callout } from "@/shared/parts/Callout";
import { Money } from "@/shared/parts/Money";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { ChangeLimits } from "./LimitsDialog";

/** Only these ask models: one that runs, and a draft that is planned. */
const WAITS: ReadonlySet<Wire<"CampaignStatus">> = new Set(["ACTIVE", "DRAFT"]);

export function BudgetNote({ campaign }: { campaign: Wire<"Campaign"> }) {
  const { t } = useTranslation();
  const { spent, unpriced_calls, used_up_until } = campaign.spending;
  const figures = (
    <>
      {t("campaigns.spending.today")} <Money amount={spent} /> {t("campaigns.spending.of")}{" "}
      <Money amount={campaign.daily_budget} />
      {unpriced_calls > 0 && (
        <span className="text-warn">
          {" "}
          {t("campaigns.spending.unpriced", { count: unpriced_calls })}
        </span>
      )}
    </>
  );
  if (!used_up_until || !WAITS.has(campaign.status))
    return <p className="ml-auto flex-none whitespace-nowrap text-12 text-fg-muted">{figures}</p>;
  return (
    <div role="status" className="basis-full">
      <Callout tone="warn" actions={<ChangeLimits campaign={campaign} small />}>
        <b className="font-semibold">{t("campaigns.spending.usedUp")}</b>{" "}
        {t("campaigns.spending.until")} <RelativeTime at={used_up_until} />
        {t("campaigns.spending.orRaised")} {figures}
      </Callout>
    </div>
  );
}

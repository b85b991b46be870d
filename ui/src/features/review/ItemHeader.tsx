// Whose item it is, where it goes, and which of its sides is shown.
import { Link } from "@tanstack/react-router";
import { Flag } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { basisPoints } from "@/shared/format/confidence";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Badge } from "@/shared/parts/Badge";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { RiskBars } from "@/shared/parts/RiskBars";
import { Segmented } from "@/shared/parts/Segmented";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import { useMay } from "@/shared/session/useMe";

export type View = "preview" | "edit" | "history";

export interface ItemHeaderProps {
  review: Wire<"Review">;
  view: View;
  /** Which views can be gone to. */
  views: readonly View[];
  onView: (view: View) => void;
}

export function ItemHeader({ review, view, views, onView }: ItemHeaderProps) {
  const { t } = useTranslation();
  const may = useMay("campaign_read");
  const { agent, platform } = review;
  const segments = views.map((value) => ({ value, label: t(`review.view.${value}`) }));
  return (
    <header className="grid flex-none grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2.5 gap-y-0.5 border-line border-b py-2 pr-3 pl-4">
      <div className="row-span-2">
        <AgentAvatar id={agent.id} name={agent.name} size="md" />
      </div>
      <div className="flex items-baseline gap-1.5">
        <h2 className="clip leading-5">
          <b className="font-semibold text-fg-strong">
            <HiddenText>{agent.name}</HiddenText>
          </b>{" "}
          <span className="text-fg-muted">
            {platform
              ? t("review.posts", { network: t(`post.network.${platform}`) })
              : t("review.writes")}
            {" · "}
            {may ? (
              <Link to={at.campaign(review.campaign) as string} className="hover:underline">
                <HiddenText>{review.campaign_name}</HiddenText>
              </Link>
            ) : (
              <HiddenText>{review.campaign_name}</HiddenText>
            )}
          </span>
        </h2>
        <RelativeTime
          at={review.created_at}
          className="flex-none whitespace-nowrap text-12 text-fg-muted"
        />
      </div>
      <Segmented
        label={t("review.view.label")}
        segments={segments}
        value={view}
        onChange={onView}
      />
      <div className="col-span-2 flex min-h-[18px] flex-wrap items-center gap-x-2 gap-y-1">
        <ConfidenceBadge basisPoints={basisPoints(review.confidence)} />
        {review.high_attention && (
          <span title={t("review.attentionWhy")} className="flex flex-none">
            <Badge tone="bad" icon={Flag}>
              {t("review.attention")}
            </Badge>
          </span>
        )}
        <RiskBars tier={review.risk.level} />
        {review.tainted && <UntrustedBadge />}
        {review.rehearsal && <RehearsalBadge />}
      </div>
    </header>
  );
}

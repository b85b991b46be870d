// One item in the queue: who, what, how sure, how risky, until when, and who looks at it.
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Lock } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { basisPoints } from "@/shared/format/confidence";
import { SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { AgentAvatar, PersonAvatar } from "@/shared/parts/Avatar";
import { Badge } from "@/shared/parts/Badge";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { Countdown, RelativeTime } from "@/shared/parts/RelativeTime";
import { RiskBars } from "@/shared/parts/RiskBars";
import { TaintChip, UntrustedBadge } from "@/shared/parts/Untrusted";
import { waits } from "./model";
import { StateBadge } from "./StateBadge";

type Review = Wire<"Review">;

/** Height of a row in pixels, before it is measured. */
export const ROW_PX = 73;

/** The claim on an item; it disappears by itself when it runs out. */
function ClaimMark({ claim }: { claim: Wire<"Claim"> }) {
  const { t } = useTranslation();
  const now = useNow(SECOND_MS);
  if (Date.parse(claim.until) <= now) return null;
  const name = claim.mine ? t("review.row.yours") : claim.by.name || t("review.row.someone");
  return (
    <span className="ml-auto flex flex-none items-center gap-1 text-11 text-fg-muted">
      {claim.mine ? (
        <span className="font-medium text-accent-fg">{name}</span>
      ) : (
        <>
          <Icon of={Lock} size="xs" />
          <PersonAvatar id={claim.by.id} name={name} size="xs" />
          <span className="sr-only">{t("review.row.claimed", { name })}</span>
        </>
      )}
      <Countdown until={claim.until} warnMs={0} badMs={0} />
    </span>
  );
}

/** How sure, how risky and where from. Beside the words of the rehearsal the hatch stands without its own. */
function Marks({ review }: { review: Review }) {
  const { t } = useTranslation();
  const { rehearsal, sensitive, tainted } = review;
  const tight = rehearsal && (sensitive || !waits(review));
  return (
    <div className="mt-[3px] flex min-h-[18px] flex-wrap items-center gap-x-1.5 gap-y-[3px]">
      {waits(review) ? (
        <ConfidenceBadge basisPoints={basisPoints(review.confidence)} />
      ) : (
        <StateBadge state={review.state} />
      )}
      <RiskBars tier={review.risk.level} wordless={tight || "narrow"} />
      {review.state === "escalated" && <Badge tone="info">{t("review.row.escalated")}</Badge>}
      {sensitive && <Badge tone="warn">{t("review.row.sensitive")}</Badge>}
      {tainted && (sensitive || rehearsal ? <TaintChip /> : <UntrustedBadge />)}
      {rehearsal && <RehearsalBadge />}
    </div>
  );
}

const SHOWN_MAX = 200;

export interface QueueRowProps {
  review: Review;
  selected: boolean;
}

export function QueueRow({ review, selected }: QueueRowProps) {
  const { agent, claim, preview } = review;
  const taken = claim !== null && !claim.mine;
  return (
    <Link
      to={at.review(review.id) as string}
      replace
      aria-current={selected ? "true" : undefined}
      className={clsx(
        "relative block border-line border-b py-[7px] pr-3 pl-3.5 hover:bg-hover focus-visible:-outline-offset-2",
        selected && "bg-selected hover:bg-selected",
        taken && !selected && "bg-surface",
      )}
    >
      {selected && <span aria-hidden className="absolute inset-y-0 left-0 w-0.5 bg-accent" />}
      <div className="flex h-5 items-center gap-1.5">
        <span className={clsx(taken && "opacity-50")}>
          <AgentAvatar id={agent.id} name={agent.name} />
        </span>
        <b className={clsx("clip font-medium", taken ? "text-fg-muted" : "text-fg-strong")}>
          <HiddenText>{agent.name}</HiddenText>
        </b>
        <span className="clip flex-1 text-12 text-fg-muted">
          <HiddenText>{review.campaign_name}</HiddenText>
        </span>
        {waits(review) ? (
          <Countdown until={review.expires_at} />
        ) : (
          review.decided_at && (
            <RelativeTime at={review.decided_at} className="text-11 text-fg-muted" />
          )
        )}
      </div>
      {/* Who has it stands on this line, which can give way: the row keeps its height when somebody takes it. */}
      <div className="flex h-[18px] items-center gap-2">
        <p className={clsx("clip text-12", selected && !taken ? "text-fg" : "text-fg-muted")}>
          <HiddenText>{preview.text.slice(0, SHOWN_MAX)}</HiddenText>
        </p>
        {claim && <ClaimMark claim={claim} />}
        {!waits(review) && review.decided_by && (
          <span className="clip ml-auto max-w-[38%] flex-none text-11 text-fg-muted">
            {review.decided_by.name}
          </span>
        )}
      </div>
      <Marks review={review} />
    </Link>
  );
}

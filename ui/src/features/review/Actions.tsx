// The decisions, each with its key, and what stands in their way.
import { Check, CornerUpRight, Hand, Pencil, SkipForward, Timer, Undo2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { ActionBar } from "@/shared/layout/Room";
import { Button } from "@/shared/parts/Button";
import { Icon } from "@/shared/parts/Icon";
import { IconButton } from "@/shared/parts/IconButton";
import { Countdown } from "@/shared/parts/RelativeTime";
import { useStopped } from "@/shared/session/useStopped";
import { foreignClaim, ownClaim } from "./model";
import type { Stand } from "./useStand";

export interface Acts {
  approve: () => void;
  edit: () => void;
  approveEdit: () => void;
  reject: () => void;
  escalate: () => void;
  skip: () => void;
  take: () => void;
  giveBack: () => void;
  drop: () => void;
}

export interface ActionsProps {
  card: Wire<"ReviewCard">;
  stand: Stand;
  acts: Acts;
}

/** Who has it and for how long; for nobody, the button that takes it. */
function Lease({ card, stand, acts }: ActionsProps) {
  const { t } = useTranslation();
  const now = useNow(SECOND_MS);
  const { review } = card;
  const own = ownClaim(review, now);
  const other = foreignClaim(review, now);
  if (other) {
    const name = other.by.name || t("review.row.someone");
    return (
      <span className="flex min-w-0 items-center gap-1.5 text-12 text-warn">
        <span className="clip">{t("review.taken", { name })}</span>
        <Countdown until={other.until} warnMs={0} badMs={0} />
      </span>
    );
  }
  if (!stand.can) return null;
  if (!own) {
    return (
      <Button size="lg" icon={Hand} action="claim" busy={stand.claiming} onClick={acts.take}>
        {t("review.act.claim")}
      </Button>
    );
  }
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap text-12 text-fg-muted max-wide:gap-1">
      <span className="max-wide:sr-only">{t("review.lease")}</span>
      <Countdown until={own.until} warnMs={60_000} badMs={20_000} />
      <Button size="sm" action="claim" onClick={acts.take}>
        {t("review.act.renew")}
      </Button>
      <IconButton icon={Undo2} size="sm" label={t("review.act.release")} onClick={acts.giveBack} />
    </span>
  );
}

function EditActs({ stand, acts }: Omit<ActionsProps, "card">) {
  const { t } = useTranslation();
  return (
    <>
      <Button
        size="lg"
        tone="primary"
        icon={Check}
        action="commit"
        disabled={!stand.canApproveEdit}
        busy={stand.pending === "edit"}
        onClick={acts.approveEdit}
      >
        {t("review.act.approveEdit")}
      </Button>
      <Button size="lg" tone="quiet" action="drop" onClick={acts.drop}>
        {t("review.act.drop")}
      </Button>
    </>
  );
}

export function Actions({ card, stand, acts }: ActionsProps) {
  const { t } = useTranslation();
  const { can, pending } = stand;
  const stopped = useStopped();
  return (
    <ActionBar>
      {stand.editing ? (
        <EditActs stand={stand} acts={acts} />
      ) : (
        <>
          <Button
            size="lg"
            tone="primary"
            icon={Check}
            action="approve"
            disabled={!can}
            busy={pending === "approve"}
            onClick={acts.approve}
          >
            {t("review.act.approve")}
          </Button>
          <Button
            size="lg"
            icon={Pencil}
            action="edit"
            disabled={!stand.canEdit}
            onClick={acts.edit}
          >
            {t("review.act.edit")}
          </Button>
          <Button
            size="lg"
            tone="danger-outline"
            icon={X}
            action="reject"
            disabled={!can}
            busy={pending === "reject"}
            onClick={acts.reject}
          >
            {t("review.act.reject")}
          </Button>
          <Button
            size="lg"
            icon={CornerUpRight}
            action="escalate"
            disabled={!can || card.review.state === "escalated"}
            busy={pending === "escalate"}
            onClick={acts.escalate}
          >
            {t("review.act.escalate")}
          </Button>
          <Button size="lg" icon={SkipForward} action="skip" onClick={acts.skip}>
            {t("review.act.skip")}
          </Button>
        </>
      )}
      <span className="ml-auto flex min-w-0 items-center gap-3">
        {stand.offline ? (
          <span className="clip text-12 text-warn max-wide:hidden">{t("review.offline")}</span>
        ) : (
          <Lease card={card} stand={stand} acts={acts} />
        )}
        {!stand.may && <span className="clip text-12 text-fg-muted">{t("review.readOnly")}</span>}
        {can && (
          // What finds no room on the line wraps below it, out of sight, instead of being cut.
          <span className="flex h-5 min-w-0 flex-wrap justify-end overflow-hidden max-wide:hidden">
            <span aria-hidden className="h-5 w-px" />
            <span
              title={t("review.act.heldWhy")}
              className="flex h-5 flex-none items-center gap-1.5 whitespace-nowrap text-12 text-fg-muted"
            >
              <Icon of={Timer} size="sm" />
              {stopped
                ? t("review.act.heldStopped")
                : t("review.act.held", { seconds: card.options.hold_seconds })}
            </span>
          </span>
        )}
      </span>
    </ActionBar>
  );
}

// What was decided and what became of it, on an item that waits no more; and what the server said when it refused.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { sentences } from "@/shared/format/sentences";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { FaultWords } from "@/shared/parts/FaultWords";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { useUnsent } from "@/shared/session/unsent";
import { useMay } from "@/shared/session/useMe";
import { useStopped } from "@/shared/session/useStopped";
import { inWords, waits } from "./model";
import type { Refused } from "./useDecide";

function EffectWords({ effect }: { effect: Wire<"Effect"> }) {
  const { t } = useTranslation();
  const { state, receipt, fault } = effect;
  const may = useMay("content_read");
  const stopped = useStopped();
  if (state === "held" && stopped) return <span>{t("review.effect.heldStopped")}</span>;
  const post = may && effect.action.platform === "sandbox" ? receipt?.post_id : null;
  return (
    <span>
      {t(`review.effect.${state}`)} {state === "held" && <RelativeTime at={effect.held_until} />}
      {state === "sent" && receipt && <RelativeTime at={receipt.received_at} />}
      {fault && (
        <>
          {": "}
          <FaultWords {...fault} />
        </>
      )}
      {post && (
        <>
          {" · "}
          <Link
            to={at.network(post) as string}
            className="text-accent-fg underline underline-offset-2"
          >
            {t("review.effect.see")}
          </Link>
        </>
      )}
    </span>
  );
}

/** What somebody said who left it to others. */
function PassedOn({ note, state }: Pick<Wire<"Review">, "note" | "state">) {
  const { t } = useTranslation();
  if (state !== "escalated" || !note) return null;
  return (
    <Callout tone="info">
      <b className="font-semibold text-fg-strong">{t("review.escalate.passedOn")}</b>{" "}
      <HiddenText>{note}</HiddenText>
    </Callout>
  );
}

export function Outcome({ card }: { card: Wire<"ReviewCard"> }) {
  const { t } = useTranslation();
  const { review, effect, options } = card;
  const unsent = useUnsent(({ items }) => items.has(review.id));
  if (unsent) return <Callout tone="info">{t("review.unsent")}</Callout>;
  if (waits(review)) return <PassedOn note={review.note} state={review.state} />;
  const state = t(`review.state.${review.state}`);
  const reason = options.reject_reasons.find((option) => option.reason === review.reject_reason);
  const rows: [string, React.ReactNode][] = [];
  if (review.reject_reason) {
    rows.push([t("review.reason"), reason?.label ?? inWords(review.reject_reason)]);
  }
  if (review.note) rows.push([t("review.note"), <HiddenText key="note">{review.note}</HiddenText>]);
  const bad = review.state === "rejected" || review.state === "expired";
  return (
    <Callout tone={bad ? "warn" : "info"}>
      <div className="flex flex-wrap items-center gap-x-2">
        <b className="font-semibold text-fg-strong">
          {review.decided_by
            ? t("review.decided", { state, name: review.decided_by.name })
            : t("review.decidedAlone", { state })}
        </b>
        {review.decided_at && <RelativeTime at={review.decided_at} />}
        {effect && <EffectWords effect={effect} />}
        {review.state === "expired" && <span>{t("review.expired")}</span>}
      </div>
      {rows.length > 0 && <KeyValue rows={rows} className="mt-1" />}
    </Callout>
  );
}

/** Refusals because somebody else was faster: whose number it is and that it should be read again helps nobody here. */
const LATE: ReadonlySet<string> = new Set(["VERSION_MISMATCH", "REVIEW_SETTLED"]);

export function Refusal({ refused, onClose }: { refused: Refused; onClose: () => void }) {
  const { t } = useTranslation();
  const { error, what } = refused;
  const words = LATE.has(error.code) ? [t("review.refused.late")] : [error.message, error.hint];
  const unknown = error.effect === "unknown" ? t("parts.unknownEffect") : null;
  return (
    <div role="alert">
      <Callout
        tone="bad"
        actions={
          <Button size="sm" onClick={onClose}>
            {t("review.refused.dismiss")}
          </Button>
        }
      >
        <b className="font-semibold text-fg-strong">{t(`review.refused.${what}`)}</b>
        {". "}
        {sentences(...words, unknown, t("review.refused.reread"))}
      </Callout>
    </div>
  );
}

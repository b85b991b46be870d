// Deciding: what is sent, what is said, where one goes next, and what happens when the server refuses.
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, hooks, ifMatch, type Wire } from "@/ipc/api";
import { type ApiError, asApiError } from "@/ipc/errors";
import { at } from "@/shared/addresses";
import { sentences } from "@/shared/format/sentences";
import { SECOND_MS } from "@/shared/format/time";
import { hold, say } from "@/shared/parts/toast/toasts";
import { dropUnsent, keepUnsent } from "@/shared/session/unsent";
import { useMay, useMe } from "@/shared/session/useMe";
import { useStopped } from "@/shared/session/useStopped";
import { type End, onEnd } from "./ends";
import { type Held, useHeldClaim } from "./useHeldClaim";
import { useCards } from "./useReview";

const DECISION = "/api/v1/reviews/{review}/decision";
/** So much of a text says which one it is. */
const SAID_CHARS = 40;

export type Decision =
  | { readonly kind: "approve" }
  | { readonly kind: "edit"; readonly text: string }
  | { readonly kind: "reject"; readonly option: Wire<"RejectOption"> | null; readonly note: string }
  | { readonly kind: "escalate"; readonly note: string };

/** What the server cannot take back. */
type Final = Extract<Decision, { kind: "reject" | "escalate" }>;

function isFinal(decision: Decision): decision is Final {
  return decision.kind === "reject" || decision.kind === "escalate";
}

export interface Refused {
  readonly review: string;
  readonly what: Decision["kind"] | "undo" | "claim";
  readonly error: ApiError;
}

export interface Deciding {
  /** Null while nothing is on its way. */
  readonly pending: Decision["kind"] | null;
  readonly refused: Refused | null;
  decide: (card: Wire<"ReviewCard">, decision: Decision) => void;
  refuse: (refused: Refused | null) => void;
}

function bodyOf(decision: Decision): Wire<"DecisionRequest"> {
  switch (decision.kind) {
    case "edit":
      return { decision: "edit", text: decision.text };
    case "reject":
      return {
        decision: "reject",
        note: decision.note,
        ...(decision.option ? { reason: decision.option.reason } : {}),
      };
    case "escalate":
      return { decision: "escalate", note: decision.note };
    default:
      return { decision: decision.kind };
  }
}

/** Whose it is and how it begins, as it leaves. */
function sayingOf(review: Wire<"Review">, made: Decision): string {
  const left = made.kind === "edit" ? made.text : review.preview.text;
  const words = left.replaceAll(/\s+/g, " ");
  const start = words.length > SAID_CHARS ? `${words.slice(0, SAID_CHARS).trimEnd()}…` : words;
  return `${review.agent.name}: ${start}`;
}

/** Says that the action has left, or why not, with the way to where it can be seen. */
function useSayEnd(): (end: End, review: string, words: string) => Promise<void> {
  const { t } = useTranslation();
  const router = useRouter();
  const may = useMay("content_read");
  return async (end, review, words) => {
    if (end === "undone") return;
    const params = { path: { review } };
    const read = client.GET("/api/v1/reviews/{review}", { params });
    // Where it went is worth a link and not a second message about a failed read.
    const { effect } = (await read.catch(() => null))?.data ?? { effect: null };
    if (end !== "sent") {
      say({
        tone: "failed",
        title: t(`review.done.${end}`),
        text: effect?.fault?.message ?? words,
      });
      return;
    }
    const local = may && effect?.action.platform === "sandbox";
    const post = local ? effect?.receipt?.post_id : null;
    const see = post && {
      label: t("review.done.see"),
      run: () => router.history.push(at.network(post)),
    };
    say({
      tone: "done",
      title: t("review.done.sent"),
      text: words,
      ...(see ? { action: see } : {}),
    });
  };
}

/** A decision names the bytes that were on the screen: of any others the server takes none. */
function bound(card: Wire<"ReviewCard">, made: Decision): Wire<"DecisionRequest"> {
  return { ...bodyOf(made), shown: card.outgoing.digest };
}

/** `onDone` hears of every decision that took effect, `onBack` of the item that an undo put before a person again. */
export function useDecide(
  onDone: (review: string) => void,
  onBack: (review: string) => void,
): Deciding {
  const { t } = useTranslation();
  const cards = useCards();
  const holdClaim = useHeldClaim();
  const [refused, refuse] = useState<Refused | null>(null);
  const { mutateAsync: send, ...decision } = hooks.useMutation("post", DECISION);
  const stopped = useStopped();
  const sayEnd = useSayEnd();
  const me = useMe();
  const { mutateAsync: undo } = hooks.useMutation("post", "/api/v1/effects/{effect}/undo");

  // Promises, not callbacks: these must be heard even when one has gone to another room meanwhile.
  const takeBack = async (effect: Wire<"Effect">, review: string) => {
    try {
      const back = await undo({ params: { path: { effect: effect.id } } });
      onBack(back.id);
    } catch (thrown) {
      refuse({ review, what: "undo", error: asApiError(thrown) });
      onBack(review);
    }
  };

  const tell = ({ review, effect }: Wire<"DecisionOutcome">, made: Decision) => {
    const text = sayingOf(review, made);
    if (effect?.can_undo) {
      const word = made.kind === "edit" ? "edited" : "approved";
      hold({
        title: t(stopped ? `review.done.${word}Stopped` : `review.done.${word}`),
        text,
        undoLabel: t("parts.undo"),
        until: Date.parse(effect.held_until),
        undo: () => void takeBack(effect, review.id),
      });
      onEnd(effect.id, (end) => void sayEnd(end, review.id, text));
      return;
    }
    const title =
      made.kind === "reject"
        ? t("review.done.rejected", { reason: made.option?.label ?? review.reject_reason ?? "" })
        : t(made.kind === "escalate" ? "review.done.escalated" : "review.done.approvedNow");
    say({ tone: "done", title, text });
  };

  const late = (card: Wire<"ReviewCard">, made: Decision, held: Held) => {
    const { id } = card.review;
    return async (leaving: boolean) => {
      // Who leaves may be gone before the claim's answer comes.
      const version = leaving ? held.version() : await held.settled;
      const params = { path: { review: id }, header: ifMatch(version) };
      try {
        const init = { params, body: bound(card, made), keepalive: leaving };
        const { data } = await client.POST(DECISION, init);
        if (data) cards.put(data.review);
        await cards.settled(id);
      } catch (thrown) {
        // A page that is left shows nothing; what comes after it offers the decision again.
        if (leaving) throw thrown;
        const { code, message, hint } = asApiError(thrown);
        const late = code === "VERSION_MISMATCH" || code === "REVIEW_SETTLED";
        say({
          tone: "failed",
          title: t(`review.refused.${made.kind}`),
          text: late ? t("review.refused.late") : sentences(message, hint),
        });
        cards.reread(id);
      }
    };
  };

  /** What the server could not take back is kept here for as long as an approval is held there. */
  const keep = (card: Wire<"ReviewCard">, made: Final) => {
    const { id } = card.review;
    const until = Date.now() + card.options.hold_seconds * SECOND_MS;
    const held = holdClaim(card.review, until);
    const usual = card.options.reject_reasons.find(
      ({ reason }) => reason === card.options.default_reason,
    );
    const reason = made.kind === "reject" ? (made.option ?? usual)?.label : undefined;
    const about = { reason: reason ?? card.options.default_reason };
    const text = sayingOf(card.review, made);
    keepUnsent({ id, until }, late(card, made, held), {
      user: me.user.id,
      title: made.kind === "reject" ? t("review.done.rejected", about) : t("review.done.escalated"),
      text,
      body: bound(card, made),
    });
    hold({
      title:
        made.kind === "reject" ? t("review.done.rejecting", about) : t("review.done.escalating"),
      text,
      undoLabel: t("parts.undo"),
      until,
      undo: () => {
        if (dropUnsent(id)) {
          held.giveBack();
          onBack(id);
        } else say({ title: t("review.refused.undo"), text: t(`review.refused.was.${made.kind}`) });
      },
    });
    onDone(id);
  };

  const decide = async (card: Wire<"ReviewCard">, made: Decision) => {
    if (decision.isPending) return;
    const { id, version } = card.review;
    refuse(null);
    if (isFinal(made) && card.options.hold_seconds > 0) return keep(card, made);
    const params = { path: { review: id }, header: ifMatch(version) };
    try {
      const outcome = await send({ params, body: bound(card, made) });
      cards.put(outcome.review);
      tell(outcome, made);
      onDone(id);
    } catch (thrown) {
      refuse({ review: id, what: made.kind, error: asApiError(thrown) });
      cards.reread(id);
    }
  };

  const pending = decision.isPending ? (decision.variables?.body.decision ?? null) : null;
  return { pending, refused, decide: (card, made) => void decide(card, made), refuse };
}

// Above the room: what this person decided before the page died, and what was never sent. Sent or dropped by hand: the
// item may have changed since, and nobody saw the decision take effect.
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { HiddenText } from "@/shared/parts/HiddenText";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";
import { useMe } from "@/shared/session/useMe";
import { dropLeft, findLeftElsewhere, useLeft, type Written } from "@/shared/session/written";
import { waits } from "./model";
import { useCards, useReview } from "./useReview";

/** How often one looks for what other tabs left. */
const LOOK_MS = 15_000;
/** Codes that say that it cannot be decided as it was any more. */
const OVER: ReadonlySet<string> = new Set(["REVIEW_SETTLED", "SHOWN_CHANGED", "NOT_FOUND"]);

function LeftDecision({ left }: { left: Written }) {
  const { t } = useTranslation();
  const cards = useCards();
  const query = useReview(left.id);
  const card = query.data;
  const send = hooks.useMutation("post", "/api/v1/reviews/{review}/decision", {
    onSuccess: ({ review }) => {
      cards.put(review);
      dropLeft(left.id);
      say({ tone: "done", title: left.title, text: left.text });
    },
    onError: (thrown) => {
      if (OVER.has(asApiError(thrown).code)) dropLeft(left.id);
      else cards.reread(left.id);
      sayFailed(t("review.left.failed"))(thrown);
    },
  });
  // It was sent after all as the page died, or somebody else decided it.
  const over =
    (card !== undefined && !waits(card.review)) ||
    (query.error !== null && asApiError(query.error).code === "NOT_FOUND");
  useEffect(() => {
    if (over && !send.isPending) dropLeft(left.id);
  }, [over, send.isPending, left.id]);
  if (!card || over) return null;
  return (
    <div role="alert" className="flex-none border-line border-b px-4 py-2">
      <Callout
        tone="warn"
        actions={
          <>
            <Button
              size="sm"
              busy={send.isPending}
              onClick={() =>
                send.mutate({
                  params: { path: { review: left.id }, header: ifMatch(card.review.version) },
                  body: left.body,
                })
              }
            >
              {t("review.left.send")}
            </Button>
            <Button size="sm" tone="quiet" onClick={() => dropLeft(left.id)}>
              {t("review.left.drop")}
            </Button>
          </>
        }
      >
        <b className="font-semibold">{t("review.left.title")}</b> {left.title}
        <p>
          <HiddenText>{left.text}</HiddenText>
        </p>
      </Callout>
    </div>
  );
}

export function LeftDecisions() {
  const me = useMe();
  const left = useLeft(({ items }) => items);
  // Somebody else signed in after the page died: not theirs to see, and not theirs to send.
  useEffect(() => {
    for (const { id, user } of left) if (user !== me.user.id) dropLeft(id);
  }, [left, me.user.id]);
  // A tab that dies while this one is open is noticed too.
  useEffect(() => {
    const timer = setInterval(findLeftElsewhere, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return left
    .filter(({ user }) => user === me.user.id)
    .map((one) => <LeftDecision key={one.id} left={one} />);
}

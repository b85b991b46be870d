// The opened item with its evidence and its decisions, and the keys that work on it.
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Await } from "@/shared/parts/Await";
import { Panes } from "@/shared/parts/Panes";
import { takeBackNewest } from "@/shared/parts/toast/toasts";
import { Actions, type Acts } from "./Actions";
import { EditView } from "./EditView";
import { EscalatePanel } from "./EscalatePanel";
import { Evidence } from "./Evidence";
import type { View } from "./ItemHeader";
import { ItemPane } from "./ItemPane";
import { nextAfter } from "./model";
import { RejectPanel } from "./RejectPanel";
import { SameShape } from "./SameShape";
import { useCheck } from "./useCheck";
import { useClaim } from "./useClaim";
import type { Deciding } from "./useDecide";
import type { Drafts } from "./useDrafts";
import { useItemKeys, useMoveKeys } from "./useItemKeys";
import { useKeepClaim } from "./useKeepClaim";
import { useCards, useReview } from "./useReview";
import { useStand } from "./useStand";
import { useTypedOn } from "./useTypedOn";

export interface OpenedItemProps {
  review: string | null;
  rows: readonly Wire<"Review">[];
  drafts: Drafts;
  deciding: Deciding;
  onGo: (review: string | null) => void;
  /** Stands where the item would, while none is opened. */
  nothing: ReactNode;
}

export function OpenedItem({ review, nothing, ...rest }: OpenedItemProps) {
  const { t } = useTranslation();
  const query = useReview(review);
  useMoveKeys({ rows: rest.rows, review, onGo: rest.onGo });
  const [begun, setBegun] = useState<Begun | null>(null);
  const typedOn = useTypedOn((of, note) => {
    if (takeBackNewest()) setBegun({ review: of, note });
  });
  if (review === null) return <div className="m-auto">{nothing}</div>;
  return (
    <Await query={query} failed={t("review.failed.item")} rows={5} className="p-4">
      {(card) => (
        <Item
          card={card}
          {...rest}
          begun={begun?.review === card.review.id ? begun.note : null}
          onTyped={() => setBegun(null)}
          typedOn={typedOn}
        />
      )}
    </Await>
  );
}

/** Reads the next card before it is asked for, so that it is there at once. */
function usePrepareNext(rows: readonly Wire<"Review">[], id: string) {
  const { prepare } = useCards();
  const next = nextAfter(rows, id, Date.now());
  // biome-ignore lint/correctness/useExhaustiveDependencies: preparing is the same function in effect every time
  useEffect(() => {
    if (next) prepare(next);
  }, [next]);
}

/** A note whose beginning was typed as its item was rejected. */
interface Begun {
  readonly review: string;
  readonly note: string;
}

/** What is asked before the decision is made. */
type Panel = "reject" | "escalate" | null;

type ItemProps = {
  card: Wire<"ReviewCard">;
  /** How the note of a rejection begins that was taken back for it. */
  begun: string | null;
  /** The note is dropped, or goes along with its rejection. */
  onTyped: () => void;
  typedOn: (review: string, digit: string) => void;
} & Omit<OpenedItemProps, "review" | "nothing">;

function Item(props: ItemProps) {
  const { card, rows, drafts, deciding, onGo, begun, onTyped, typedOn } = props;
  const { t } = useTranslation();
  const router = useRouter();
  const { review } = card;
  const place = useRef<HTMLElement>(null);
  const [shown, setShown] = useState<{ id: string; view: View; panel: Panel } | null>(null);
  const here = shown?.id === review.id ? shown : null;
  const show = (view: View, panel: Panel = null) => setShown({ id: review.id, view, panel });
  const panel = begun === null ? (here?.panel ?? null) : "reject";
  const text = drafts.of(review.id) ?? review.preview.text;
  const view = here?.view ?? (drafts.of(review.id) === undefined ? "preview" : "edit");
  const editing = view === "edit";

  const [check, judgeAgain] = useCheck({
    review: review.id,
    before: review.preview.text,
    text,
    max: card.preview?.max_chars ?? null,
  });
  const claim = useClaim(deciding.refuse);
  const { pending, refused } = deciding;
  const stand = useStand({ card, editing, check, pending, claiming: claim.pending });
  useKeepClaim(review, editing && stand.can, claim);
  usePrepareNext(rows, review.id);

  const acts: Acts = {
    approve: () => deciding.decide(card, { kind: "approve" }),
    edit: () => stand.canEdit && show("edit"),
    approveEdit: () => stand.canApproveEdit && deciding.decide(card, { kind: "edit", text }),
    reject: () => show(view, "reject"),
    escalate: () => show(view, "escalate"),
    skip: () => {
      if (review.claim?.mine) claim.giveBack(review.id);
      onGo(nextAfter(rows, review.id, Date.now()));
    },
    take: () => claim.take(review.id),
    giveBack: () => claim.giveBack(review.id),
    drop: () => {
      drafts.drop(review.id);
      show("preview");
    },
  };
  const trace = () => router.history.push(at.trace(card.trace, card.span));
  const focus = () => place.current?.focus();
  useItemKeys({ review, stand, acts, trace, focus });

  const views: View[] =
    stand.canEdit || editing ? ["preview", "edit", "history"] : ["preview", "history"];
  return (
    <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <Panes
        id="review.evidence"
        right={{
          name: t("review.evidence"),
          width: 364,
          narrow: 316,
          min: 260,
          max: 560,
          children: <Evidence key={review.id} card={card} />,
        }}
      >
        <ItemPane
          card={card}
          view={view}
          views={views}
          onView={(next) => show(next)}
          refused={refused}
          onUnderstood={() => deciding.refuse(null)}
          place={place}
          label={t("review.item")}
          text={text}
          alike={<SameShape review={review} rows={rows} />}
          edit={
            <EditView
              card={card}
              text={text}
              onText={(next) => drafts.keep(review.id, next)}
              check={check}
              onAgain={judgeAgain}
            />
          }
        />
      </Panes>
      {panel === "reject" && stand.can && (
        <RejectPanel
          key={begun}
          options={card.options}
          busy={pending === "reject"}
          {...(begun === null ? {} : { begun })}
          onReject={(option, note, digit) => {
            onTyped();
            show(view);
            deciding.decide(card, { kind: "reject", option, note });
            if (digit !== undefined && card.options.hold_seconds > 0) typedOn(review.id, digit);
          }}
          onClose={() => {
            onTyped();
            show(view);
          }}
        />
      )}
      {panel === "escalate" && stand.can && (
        <EscalatePanel
          busy={pending === "escalate"}
          onEscalate={(note) => {
            show(view);
            deciding.decide(card, { kind: "escalate", note });
          }}
          onClose={() => show(view)}
        />
      )}
      <Actions card={card} stand={stand} acts={acts} />
    </div>
  );
}

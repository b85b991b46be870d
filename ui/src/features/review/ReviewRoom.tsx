// Three panes: the queue, the item as its network will show it, the evidence. The whole queue can be worked off
// without the mouse.
import { useNavigate } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { MINUTE_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { Room } from "@/shared/layout/Room";
import { Panes } from "@/shared/parts/Panes";
import { EmptyState } from "@/shared/parts/States";
import { useUnsent } from "@/shared/session/unsent";
import { useMay } from "@/shared/session/useMe";
import { useStopped } from "@/shared/session/useStopped";
import { AgreementFigure } from "./AgreementFigure";
import { Cleared } from "./Cleared";
import { LeftDecisions } from "./LeftDecisions";
import { dueSoon, type Filter, foreignClaim, nextAfter, waits } from "./model";
import { OpenedItem } from "./OpenedItem";
import { QueuePane } from "./QueuePane";
import { useDecide } from "./useDecide";
import { useDrafts } from "./useDrafts";
import { type Queue, useDecided, useQueue } from "./useQueue";

export interface ReviewRoomProps {
  /** The opened item, from the address. */
  review: string | null;
}

function Due({ queue }: { queue: Queue }) {
  const { t } = useTranslation();
  const count = dueSoon(queue.rows, useNow(MINUTE_MS / 6));
  if (count === 0 || !queue.complete) return null;
  return (
    <span className="text-12 text-fg-muted">
      <b className="font-semibold text-warn tnum">{count}</b> {t("review.due", { count })}
    </span>
  );
}

/** While everything is stopped, decisions count and nothing leaves. */
function Stopped() {
  const { t } = useTranslation();
  if (!useStopped()) return null;
  return (
    <span role="status" className="clip text-12 text-warn">
      {t("review.stopped")}
    </span>
  );
}

/** The queue without what this person has decided and not sent yet. */
function without(queue: Queue, unsent: ReadonlyMap<string, unknown>): Queue {
  if (unsent.size === 0) return queue;
  const left = (rows: Queue["rows"]) => rows.filter(({ id }) => !unsent.has(id));
  const { data } = queue.query;
  return { ...queue, rows: left(queue.rows), query: { ...queue.query, data: data && left(data) } };
}

export function ReviewRoom({ review }: ReviewRoomProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayDecide = useMay("review_decide");
  const [filter, setFilter] = useState<Filter>("all");
  const waiting = useQueue(filter === "decided" ? "all" : filter);
  const decided = useDecided(filter === "decided");
  const queue = filter === "decided" ? decided : waiting;
  const unsent = useUnsent(({ items }) => items);
  const shown = without(queue, unsent);
  const { rows } = shown;
  const drafts = useDrafts();
  const go = (id: string | null) =>
    void navigate({ to: at.review(id ?? undefined), replace: true });
  const deciding = useDecide((done) => {
    drafts.drop(done);
    go(nextAfter(rows, done, Date.now()));
  }, go);

  const [turned, setTurned] = useState(false);
  const show = (next: Filter) => {
    setFilter(next);
    setTurned(true);
  };
  const free = rows.find((row) => waits(row) && !foreignClaim(row, Date.now()));
  const first = (free ?? rows.find(waits))?.id ?? rows[0]?.id ?? null;
  // Pinned in the address: what is pushed in above it later must not take its place under the reader's finger.
  useEffect(() => {
    if (review !== null || first === null) return;
    void navigate({ to: at.review(first), replace: true });
  }, [review, first, navigate]);

  // What is opened shall be one of what is listed, for keys act on it; asked once for each turn to another filter.
  const listed = shown.query.data !== undefined;
  const inSight = rows.some(({ id }) => id === review);
  useEffect(() => {
    if (!turned || !listed) return;
    setTurned(false);
    if (inSight) return;
    void navigate({ to: at.review(first ?? undefined), replace: true });
  }, [turned, listed, inSight, first, navigate]);

  return (
    <Room
      title={t("frame.room.review")}
      beside={
        <>
          <Due queue={waiting} />
          <Stopped />
        </>
      }
      aside={mayDecide && <AgreementFigure />}
    >
      <LeftDecisions />
      <Panes
        id="review"
        left={{
          name: t("review.queue"),
          width: 312,
          narrow: 264,
          min: 232,
          max: 460,
          children: <QueuePane queue={shown} filter={filter} onFilter={show} review={review} />,
        }}
      >
        <OpenedItem
          review={review}
          rows={rows}
          drafts={drafts}
          deciding={deciding}
          onGo={go}
          nothing={
            filter === "all" && shown.query.data?.length === 0 ? (
              <Cleared onDecided={() => show("decided")} />
            ) : (
              <EmptyState
                icon={Inbox}
                title={t("review.empty.item")}
                text={t("review.empty.itemText")}
              />
            )
          }
        />
      </Panes>
    </Room>
  );
}

// The opened item: its header, what the server said last, and the side that is shown.
import type { ReactNode, Ref } from "react";
import type { Wire } from "@/ipc/api";
import { HistoryView } from "./HistoryView";
import { ItemHeader, type View } from "./ItemHeader";
import { Outcome, Refusal } from "./Outcome";
import { Preview } from "./Preview";
import type { Refused } from "./useDecide";

export interface ItemPaneProps {
  card: Wire<"ReviewCard">;
  view: View;
  views: readonly View[];
  onView: (view: View) => void;
  refused: Refused | null;
  onUnderstood: () => void;
  /** As it would go out: the draft, or the edit that is being written. */
  text: string;
  /** Stands over the preview while an edit is written. */
  edit: ReactNode;
  /** Stands below the preview: what waits and is like it. */
  alike: ReactNode;
  place: Ref<HTMLElement>;
  label: string;
}

export function ItemPane(props: ItemPaneProps) {
  const { card, view, views, onView, refused, onUnderstood, text, edit, alike, place, label } =
    props;
  return (
    <>
      <ItemHeader review={card.review} view={view} views={views} onView={onView} />
      <section
        ref={place}
        // Long items are scrolled by keys too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
        aria-label={label}
        className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-auto px-4 py-3.5 -outline-offset-2"
      >
        {refused && refused.review === card.review.id && (
          <Refusal refused={refused} onClose={onUnderstood} />
        )}
        <Outcome card={card} />
        {view === "edit" && edit}
        {view === "history" ? (
          <HistoryView card={card} />
        ) : (
          <Preview card={card} edit={view === "edit" ? text : null} />
        )}
        {view === "preview" && alike}
      </section>
    </>
  );
}

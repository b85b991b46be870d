// The shape of every room: a top bar with its name, and below it what the room is for.
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useContext } from "react";
import { Icon } from "@/shared/parts/Icon";
import { OfflineNote, OfflineSaid } from "@/shared/parts/OfflineNote";
import { RoomCorner } from "./RoomCorner";

export interface RoomProps {
  title: ReactNode;
  /** Where one came from, before the title. */
  above?: ReactNode;
  /** Beside the title: a state, a search field. */
  beside?: ReactNode;
  /** At the right end: figures, views, the room's own actions. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Room({ title, above, beside, aside, children }: RoomProps) {
  const corner = useContext(RoomCorner);
  return (
    <>
      <header className="flex h-topbar flex-none items-center gap-2.5 border-line border-b pr-3 pl-4">
        {above && (
          <div className="flex flex-none items-center gap-1.5 whitespace-nowrap text-fg-muted">
            {above}
            <Icon of={ChevronRight} size="sm" />
          </div>
        )}
        {/* A name given by people gives way to what stands beside it; the room's own name does not. */}
        <h1
          className={clsx(
            "clip font-semibold text-15 text-fg-strong leading-5",
            above ? "min-w-0" : "flex-none",
          )}
        >
          {title}
        </h1>
        {beside}
        <div className="ml-auto flex flex-none items-center gap-4 text-12 text-fg-muted">
          {aside}
          {corner}
        </div>
      </header>
      <OfflineNote />
      <OfflineSaid value={true}>{children}</OfflineSaid>
    </>
  );
}

/** Where decisions are made: always at the lower edge of its pane. */
export function ActionBar({ children }: { children: ReactNode }) {
  return (
    <div
      data-actionbar
      className="flex h-actionbar flex-none items-center gap-2 border-line border-t bg-raised pr-3 pl-4 max-wide:gap-1.5"
    >
      {children}
    </div>
  );
}

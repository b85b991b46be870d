// The rooms of this person, with what waits in them; below, who is signed in.
import { Link, useRouterState } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatCount, formatShort } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Icon } from "@/shared/parts/Icon";
import { KeyHint } from "@/shared/parts/Kbd";
import { Mark } from "@/shared/parts/Mark";
import { Me } from "./Me";
import type { FrameState, RoomCount } from "./model";
import { ROOMS, type RoomId, roomAt, sectionsOf } from "./rooms";

function Count({ count }: { count: RoomCount }) {
  return (
    <span
      className={clsx(
        "ml-auto font-medium text-11 tnum max-wide:absolute max-wide:-top-0.5 max-wide:-right-0.5 max-wide:rounded-4 max-wide:bg-frame max-wide:px-0.5 max-wide:leading-3",
        count.hot ? "text-bad" : "text-fg-faint group-data-[status=active]:text-accent-fg",
      )}
    >
      <span className="max-wide:hidden">{formatCount(count.value, formatLocale())}</span>
      <span className="hidden max-wide:inline">{formatShort(count.value, formatLocale())}</span>
    </span>
  );
}

function RoomLink({ room, count }: { room: RoomId; count: RoomCount | undefined }) {
  const { t } = useTranslation();
  // A room may have addresses that are not below its own.
  const here = useRouterState({ select: ({ location }) => roomAt(location.pathname) }) === room;
  const { path, icon } = ROOMS[room];
  const name = t(`frame.room.${room}`);
  return (
    <Link
      to={path as string}
      activeOptions={{ exact: path === "/" }}
      {...(here ? { "data-status": "active", "aria-current": "page" } : {})}
      title={name}
      className={clsx(
        "group relative flex h-7 items-center gap-[9px] whitespace-nowrap rounded-6 px-2 font-medium text-fg-muted hover:bg-hover",
        "data-[status=active]:bg-accent-soft data-[status=active]:text-fg-strong",
        "max-wide:h-8 max-wide:justify-center max-wide:px-0",
      )}
    >
      <Icon of={icon} className="group-data-[status=active]:text-accent-fg" />
      <span className="max-wide:sr-only">{name}</span>
      {count && <Count count={count} />}
    </Link>
  );
}

export interface SidebarProps {
  state: FrameState;
  onPalette: () => void;
  onSheet: () => void;
  onSignOut: () => void;
}

export function Sidebar({ state, onPalette, onSheet, onSignOut }: SidebarProps) {
  const { t } = useTranslation();
  return (
    <aside className="flex min-h-0 flex-col border-line border-r bg-frame p-2">
      <div className="flex h-8 flex-none items-center gap-[9px] px-1.5 max-wide:justify-center max-wide:px-0">
        <Mark />
        <span className="min-w-0 max-wide:sr-only">
          <b className="block font-semibold text-fg-strong leading-[15px]">{t("frame.product")}</b>
          <span className="clip block text-11 text-fg-muted leading-[13px]">{state.workspace}</span>
        </span>
      </div>
      <button
        type="button"
        onClick={onPalette}
        className="my-2.5 flex h-7 flex-none items-center gap-2 rounded-6 border border-line bg-surface pr-1.5 pl-2 text-12 text-fg-muted hover:border-line-strong max-wide:justify-center max-wide:px-0"
      >
        <Icon of={Search} size="sm" />
        <span className="max-wide:sr-only">{t("parts.palette.label")}</span>
        <span className="ml-auto flex max-wide:hidden">
          <KeyHint action="palette" />
        </span>
      </button>
      <nav
        aria-label={t("frame.rooms")}
        className="flex min-h-0 flex-1 flex-col gap-px overflow-y-auto"
      >
        {sectionsOf(state.rooms).map(({ heading, rooms }, index) => (
          <div key={rooms[0]} className="flex flex-col gap-px">
            {heading ? (
              <h2 className="px-2 pt-3 pb-1 font-medium text-11 text-fg-faint max-wide:h-2 max-wide:overflow-hidden max-wide:p-0">
                <span className="max-wide:sr-only">{t(`frame.group.${heading}`)}</span>
              </h2>
            ) : (
              index > 0 && <div className="h-4 max-wide:h-2" />
            )}
            {rooms.map((room) => (
              <RoomLink key={room} room={room} count={state.counts[room]} />
            ))}
          </div>
        ))}
      </nav>
      <Me person={state.person} solo={state.solo} onSheet={onSheet} onSignOut={onSignOut} />
    </aside>
  );
}

// What stays while rooms change: sidebar, status bar with the stop, palette, key sheet.
import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { CommandPalette } from "@/shared/parts/CommandPalette";
import { ErrorBoundary } from "@/shared/parts/ErrorBoundary";
import { ShortcutSheet } from "@/shared/parts/ShortcutSheet";
import type { FrameActs, FrameState } from "./model";
import { Sidebar } from "./Sidebar";
import { StatusBar } from "./StatusBar";
import { ReleaseDialog, StopDialog } from "./StopDialog";
import { useFrameKeys } from "./useFrameKeys";

type Overlay = "palette" | "sheet" | "stop" | "release";

export interface FrameProps {
  state: FrameState;
  acts: FrameActs;
  children: ReactNode;
}

export function Frame({ state, acts, children }: FrameProps) {
  const { t } = useTranslation();
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const close = useCallback(() => setOverlay(null), []);
  const openPalette = useCallback(() => setOverlay("palette"), []);
  const openSheet = useCallback(() => setOverlay("sheet"), []);
  const openStop = useCallback(() => setOverlay("stop"), []);
  const canStop = state.mayStop && !state.figures?.stopped;
  useFrameKeys(state.rooms, {
    palette: openPalette,
    sheet: openSheet,
    stop: canStop ? openStop : null,
  });
  return (
    <div className="grid h-full grid-cols-[var(--sidebar-w)_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_var(--statusbar-h)]">
      <button
        type="button"
        onClick={() => document.getElementById("room")?.focus()}
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-6 focus:bg-overlay focus:px-3 focus:py-1"
      >
        {t("frame.skip")}
      </button>
      <Sidebar state={state} onPalette={openPalette} onSheet={openSheet} onSignOut={acts.signOut} />
      <main
        id="room"
        tabIndex={-1}
        className="flex min-h-0 min-w-0 flex-col bg-surface outline-none"
      >
        <ErrorBoundary resetOn={path}>{children}</ErrorBoundary>
      </main>
      <StatusBar
        state={state}
        onStop={openStop}
        onRelease={() => setOverlay("release")}
        onReconnect={acts.reconnect}
      />
      <CommandPalette open={overlay === "palette"} onClose={close} />
      <ShortcutSheet open={overlay === "sheet"} onClose={close} />
      <StopDialog open={overlay === "stop"} onClose={close} onStop={acts.stop} />
      <ReleaseDialog open={overlay === "release"} onClose={close} onRelease={acts.release} />
    </div>
  );
}

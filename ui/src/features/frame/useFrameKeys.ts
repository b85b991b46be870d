// The keys and palette commands that the frame itself answers: rooms, look, palette, key sheet, stop.
import { useRouter } from "@tanstack/react-router";
import { Contrast, Keyboard, Moon, OctagonX, Sun, SunMoon } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Command, useCommands } from "@/shared/commands/commands";
import { THEMES, type Theme, usePreference } from "@/shared/hooks/usePreference";
import { dispatcher, useKey, useKeyListener } from "@/shared/keys/useKey";
import type { Glyph } from "@/shared/parts/Icon";
import { ROOMS, type RoomId } from "./rooms";

const THEME_ICONS: Record<Theme, Glyph> = {
  system: SunMoon,
  dark: Moon,
  light: Sun,
  contrast: Contrast,
};

export interface FrameOpeners {
  palette: () => void;
  sheet: () => void;
  /** Null when this person may not stop, or everything is stopped already. */
  stop: (() => void) | null;
}

export function useFrameKeys(rooms: readonly RoomId[], open: FrameOpeners): void {
  const { t } = useTranslation();
  const router = useRouter();
  useKeyListener();
  useKey("palette", open.palette);
  useKey("sheet", open.sheet);
  useKey("stop", () => open.stop?.(), open.stop !== null);

  useEffect(() => {
    const leave = rooms.map((room) =>
      dispatcher.register(ROOMS[room].go, () => router.history.push(ROOMS[room].path)),
    );
    return () => {
      for (const one of leave) one();
    };
  }, [rooms, router]);

  const { palette, sheet, stop } = open;
  // A room with a search of its own answers first.
  useEffect(() => dispatcher.registerBehind("search", palette), [palette]);
  const commands = useMemo((): Command[] => {
    const places = rooms.map(
      (room): Command => ({
        id: `go ${room}`,
        group: t("frame.palette.goTo"),
        label: t(`frame.room.${room}`),
        icon: ROOMS[room].icon,
        action: ROOMS[room].go,
        run: () => router.history.push(ROOMS[room].path),
      }),
    );
    const looks = THEMES.map(
      (theme): Command => ({
        id: `theme ${theme}`,
        group: t("frame.palette.look"),
        label: t(`frame.theme.${theme}`),
        icon: THEME_ICONS[theme],
        note: t("frame.theme.label"),
        run: () => usePreference.getState().setTheme(theme),
      }),
    );
    const group = t("frame.palette.run");
    const acts: Command[] = [
      {
        id: "keys",
        group,
        label: t("keys.act.sheet"),
        icon: Keyboard,
        action: "sheet",
        run: sheet,
      },
    ];
    if (stop) {
      const label = t("frame.stop.action");
      acts.push({ id: "stop", group, label, icon: OctagonX, action: "stop", run: stop });
    }
    return [...places, ...acts, ...looks];
  }, [rooms, router, t, sheet, stop]);
  useCommands("frame", commands);
}

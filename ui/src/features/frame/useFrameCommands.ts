// What the palette offers in every room besides going there: beginnings, the sandbox network, the line, the way out.
import { useRouter } from "@tanstack/react-router";
import { Cable, LogOut, Megaphone, MessagesSquare, VenetianMask } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { useLive } from "@/ipc/live";
import { at } from "@/shared/addresses";
import { type Command, useCommands } from "@/shared/commands/commands";
import type { FrameActs } from "./model";

export function useFrameCommands(me: Wire<"Me">, { reconnect, signOut }: FrameActs): void {
  const { t } = useTranslation();
  const { history } = useRouter();
  const offline = useLive(({ connection }) => connection.state === "offline");
  const commands = useMemo(() => {
    const group = t("frame.palette.run");
    const may = (right: string) => me.may.includes(right);
    const all: readonly (Command | false)[] = [
      may("campaign_write") && {
        id: "new campaign",
        group,
        label: t("frame.palette.newCampaign"),
        icon: Megaphone,
        run: () => history.push(at.compose()),
      },
      may("persona_write") && {
        id: "new persona",
        group,
        label: t("frame.palette.newPersona"),
        icon: VenetianMask,
        run: () => history.push(at.persona("new")),
      },
      may("content_read") && {
        id: "network",
        group: t("frame.palette.goTo"),
        label: t("frame.palette.network"),
        icon: MessagesSquare,
        run: () => history.push(at.network()),
      },
      offline && {
        id: "reconnect",
        group,
        label: t("frame.palette.reconnect"),
        icon: Cable,
        run: reconnect,
      },
      { id: "sign out", group, label: t("frame.me.signOut"), icon: LogOut, run: signOut },
    ];
    return all.filter((command) => command !== false);
  }, [me, t, history, offline, reconnect, signOut]);
  useCommands("frame commands", commands);
}

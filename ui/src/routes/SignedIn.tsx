// The frame around every room, alive: figures from the gauge, the line from the event stream.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { Bell } from "@/features/frame/Bell";
import { Frame } from "@/features/frame/Frame";
import { Troubles } from "@/features/frame/Troubles";
import { useFrameActs } from "@/features/frame/useFrameActs";
import { useFrameCommands } from "@/features/frame/useFrameCommands";
import { useFrameState } from "@/features/frame/useFrameState";
import type { Wire } from "@/ipc/api";
import { startLive } from "@/ipc/live";
import { RoomCorner } from "@/shared/layout/RoomCorner";
import { bringRooms } from "./rooms";

export function SignedIn({ me, children }: { me: Wire<"Me">; children: ReactNode }) {
  const cache = useQueryClient();
  useEffect(() => startLive(cache), [cache]);
  useEffect(bringRooms, []);
  const state = useFrameState(me);
  const acts = useFrameActs();
  useFrameCommands(me, acts);
  return (
    <Frame state={state} acts={acts}>
      <Troubles me={me} />
      <RoomCorner value={<Bell me={me} />}>{children}</RoomCorner>
    </Frame>
  );
}

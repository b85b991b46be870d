// The frame around every room, alive: figures from the gauge, the line from the event stream.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { Frame } from "@/features/frame/Frame";
import { useFrameActs } from "@/features/frame/useFrameActs";
import { useFrameState } from "@/features/frame/useFrameState";
import type { Wire } from "@/ipc/api";
import { startLive } from "@/ipc/live";

export function SignedIn({ me, children }: { me: Wire<"Me">; children: ReactNode }) {
  const cache = useQueryClient();
  useEffect(() => startLive(cache), [cache]);
  return (
    <Frame state={useFrameState(me)} acts={useFrameActs()}>
      {children}
    </Frame>
  );
}

// The frame around a sample room, for looking.
import { useState } from "react";
import { Frame } from "@/features/frame/Frame";
import type { FrameState } from "@/features/frame/model";
import { FramePage } from "@/features/gallery/FramePage";
import { FRAME_SAMPLE } from "@/features/gallery/frameSample";

export function GalleryFrameRoute() {
  const [stopped, setStopped] = useState(false);
  const state: FrameState = {
    ...FRAME_SAMPLE,
    figures: { ...FRAME_SAMPLE.figures, stopped },
  };
  return (
    <Frame
      state={state}
      acts={{
        stop: async () => setStopped(true),
        release: async () => setStopped(false),
        reconnect: () => {},
        signOut: () => {},
      }}
    >
      <FramePage />
    </Frame>
  );
}

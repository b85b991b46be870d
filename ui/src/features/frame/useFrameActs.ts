// What the frame can do: stop everything, go on again, connect at once, sign out.
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { reconnect } from "@/ipc/live";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { forgetEdits } from "@/shared/session/keptEdits";
import { forgetPlans } from "@/shared/session/keptPlans";
import { sendUnsent } from "@/shared/session/unsent";
import { wipeAll } from "@/shared/session/written";
import type { FrameActs } from "./model";

export function useFrameActs(): FrameActs {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { mutateAsync: stop } = hooks.useMutation("post", "/api/v1/swarm/stop");
  const { mutateAsync: release } = hooks.useMutation("post", "/api/v1/swarm/release");
  const { mutate: signOut } = hooks.useMutation("delete", "/api/v1/session", {
    // The next person must not see what this one saw: neither what is cached nor where the console stood.
    onSuccess: () => {
      cache.clear();
      window.location.reload();
    },
    onError: sayFailed(t("frame.me.signOutFailed")),
  });
  // Stable, because the palette's commands hang on them.
  return useMemo(
    () => ({
      stop: async (reason) => {
        await stop({ body: { reason } });
      },
      release: async () => {
        await release({});
      },
      reconnect,
      signOut: () =>
        void sendUnsent().then(() => {
          wipeAll();
          forgetPlans();
          forgetEdits();
          signOut({});
        }),
    }),
    [stop, release, signOut],
  );
}

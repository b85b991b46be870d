// Pause, go on, change limits, call off, or begin another one like it. Calling off asks first, because it cannot be taken back.
import { Link } from "@tanstack/react-router";
import { Ban, Copy, Pause, Play, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Button, buttonClass } from "@/shared/parts/Button";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { Icon } from "@/shared/parts/Icon";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";
import { ChangeLimits } from "./LimitsDialog";

/** Nothing follows these. */
const OVER: ReadonlySet<Wire<"CampaignStatus">> = new Set(["COMPLETED", "FAILED", "CANCELLED"]);

export interface CopyLinkProps {
  campaign: Pick<Wire<"Campaign">, "id" | "status">;
  small?: boolean;
}

/** The way to a new draft that begins like this one. */
export function CopyLink({ campaign: { id, status }, small = false }: CopyLinkProps) {
  const { t } = useTranslation();
  const failed = status === "FAILED";
  return (
    <Link
      to={at.compose() as string}
      search={{ from: id } as never}
      className={buttonClass("plain", small ? "sm" : "md")}
    >
      <Icon of={failed ? RotateCcw : Copy} size={small ? "sm" : "md"} />
      {t(failed ? "campaigns.copy.again" : "campaigns.copy.as")}
    </Link>
  );
}

export function CampaignActs({ campaign }: { campaign: Wire<"Campaign"> }) {
  const { t } = useTranslation();
  const mayWrite = useMay("campaign_write");
  const [asking, setAsking] = useState(false);
  const params = { path: { campaign: campaign.id }, header: ifMatch(campaign.version) };
  const pause = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/pause", {
    onError: sayFailed(t("campaigns.page.pauseFailed")),
  });
  const resume = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/resume", {
    onError: sayFailed(t("campaigns.page.resumeFailed")),
  });
  const cancel = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/cancel", {
    onError: sayFailed(t("campaigns.page.cancelFailed")),
    onSettled: () => setAsking(false),
  });
  const { status } = campaign;
  if (!mayWrite) return null;
  if (OVER.has(status)) return <CopyLink campaign={campaign} />;
  return (
    <>
      {status === "ACTIVE" && (
        <Button icon={Pause} busy={pause.isPending} onClick={() => pause.mutate({ params })}>
          {t("campaigns.page.pause")}
        </Button>
      )}
      {status === "PAUSED" && (
        <Button icon={Play} busy={resume.isPending} onClick={() => resume.mutate({ params })}>
          {t("campaigns.page.resume")}
        </Button>
      )}
      <ChangeLimits campaign={campaign} />
      <Button icon={Ban} tone="danger-outline" onClick={() => setAsking(true)}>
        {t("campaigns.page.cancel")}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate({ params, body: {} })}
        busy={cancel.isPending}
        title={t("campaigns.page.cancelTitle")}
        confirm={t("campaigns.page.cancel")}
      >
        {t("campaigns.page.cancelText")}
      </ConfirmDialog>
    </>
  );
}

// What an operator may do with one agent: hold it, let it go on, begin its work anew.
import { Ellipsis, Pause, Play, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { IconButton } from "@/shared/parts/IconButton";
import { Menu, MenuItem } from "@/shared/parts/Menu";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";

export function AgentActs({ agent }: { agent: Wire<"Agent"> }) {
  const { t } = useTranslation();
  const may = useMay("fleet_write");
  const pause = hooks.useMutation("post", "/api/v1/swarm/agents/{agent}/pause", {
    onError: sayFailed(t("fleet.pauseFailed")),
  });
  const resume = hooks.useMutation("post", "/api/v1/swarm/agents/{agent}/resume", {
    onError: sayFailed(t("fleet.resumeFailed")),
  });
  const restart = hooks.useMutation("post", "/api/v1/swarm/agents/{agent}/restart", {
    onError: sayFailed(t("fleet.restartFailed")),
  });
  if (!may) return null;
  const path = { agent: agent.id };
  return (
    <Menu trigger={<IconButton icon={Ellipsis} label={t("fleet.acts", { name: agent.name })} />}>
      {agent.control === "running" ? (
        <MenuItem
          icon={Pause}
          onSelect={() => pause.mutate({ params: { path }, body: { reason: "" } })}
        >
          {t("fleet.pause")}
        </MenuItem>
      ) : (
        <MenuItem icon={Play} onSelect={() => resume.mutate({ params: { path } })}>
          {t("fleet.resume")}
        </MenuItem>
      )}
      <MenuItem icon={RotateCcw} onSelect={() => restart.mutate({ params: { path } })}>
        {t("fleet.restart")}
      </MenuItem>
    </Menu>
  );
}

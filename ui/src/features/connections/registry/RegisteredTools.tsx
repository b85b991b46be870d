// The tools of a registered server: what calling each does is the operator's word, beside what the server hints.
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Select } from "@/shared/parts/Select";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { UntrustedBadge } from "@/shared/parts/Untrusted";

type Effect = Wire<"EffectClass">;
type Tool = Wire<"RegisteredTool">;

const EFFECTS: readonly Effect[] = ["read", "internal_write", "outward", "money"];
const HINTS = ["read_only", "destructive", "idempotent", "open_world"] as const;
const TONES: Record<Wire<"ToolState">, BadgeTone> = {
  pinned: "neutral",
  new: "bad",
  changed: "bad",
  gone: "neutral",
};

function useHintWords(): (hints: Wire<"ToolHints">) => string {
  const { t } = useTranslation();
  return (hints) => {
    const said = HINTS.flatMap((hint) => {
      const value = hints[hint];
      if (value === null || value === undefined) return [];
      return [value ? t(`registry.hint.${hint}`) : t(`registry.hint.not_${hint}`)];
    });
    return said.length === 0 ? t("registry.noHints") : `${t("registry.hints")} ${said.join(", ")}`;
  };
}

function Row({ server, tool, mayClass }: { server: string; tool: Tool; mayClass: boolean }) {
  const { t } = useTranslation();
  const words = useHintWords();
  const put = hooks.useMutation("put", "/api/v1/connections/registry/{server}/classes", {
    onError: sayFailed(t("registry.classFailed")),
  });
  const effect = put.isPending ? (put.variables.body.effect ?? tool.effect) : tool.effect;
  return (
    <li className="flex flex-col gap-0.5 border-line border-t py-2 pr-3 pl-9">
      <div className="flex items-center gap-2">
        <b className="num min-w-0 flex-1 font-medium text-fg-strong [overflow-wrap:anywhere]">
          <HiddenText>{tool.tool}</HiddenText>
        </b>
        {tool.state !== "pinned" && (
          <Badge tone={TONES[tool.state]}>{t(`registry.state.${tool.state}`)}</Badge>
        )}
        <Select
          className="w-36"
          label={t("registry.effectOf", { tool: tool.tool })}
          disabled={!mayClass}
          value={effect}
          items={EFFECTS.map((value) => ({ value, label: t(`connections.effect.${value}`) }))}
          onChange={(next) =>
            put.mutate({
              params: { path: { server } },
              body: { tool: tool.tool, effect: next },
            })
          }
        />
      </div>
      <p className="text-11 text-fg-muted">
        {tool.classed ? t(`connections.effectText.${effect}`) : t("registry.unclassed")}{" "}
        <span className="text-taint">{words(tool.hints)}</span>
      </p>
      <p className="text-12 text-fg [overflow-wrap:anywhere]">
        <HiddenText>{tool.description}</HiddenText>
      </p>
    </li>
  );
}

export interface RegisteredToolsProps {
  look: Wire<"RegisteredServerLook">;
  connected: boolean;
  mayClass: boolean;
}

export function RegisteredTools({ look, connected, mayClass }: RegisteredToolsProps) {
  const { t } = useTranslation();
  if (look.tools.length === 0) {
    return (
      <p className="border-line border-t py-2 pr-3 pl-9 text-12 text-fg-muted">
        {t("registry.noTools")}
      </p>
    );
  }
  return (
    <>
      <p className="flex items-center gap-1.5 border-line border-t bg-surface py-1.5 pr-3 pl-9 text-11 text-fg-muted">
        <UntrustedBadge /> {t(connected ? "registry.effectHint" : "registry.toolsPinned")}
      </p>
      <ul aria-label={t("registry.tools")}>
        {look.tools.map((tool) => (
          <Row key={tool.tool} server={look.server.name} tool={tool} mayClass={mayClass} />
        ))}
      </ul>
    </>
  );
}

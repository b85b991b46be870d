// The four states of an agent, plus paused and error, with the words that UI-17 wants read aloud.
import { useTranslation } from "react-i18next";
import { Badge, type BadgeTone } from "./Badge";

export type AgentStateName = "planning" | "working" | "judging" | "sleeping" | "paused" | "error";

const TONES: Record<AgentStateName, BadgeTone> = {
  planning: "planning",
  working: "working",
  judging: "judging",
  sleeping: "neutral",
  paused: "warn",
  error: "bad",
};

export function AgentState({ state }: { state: AgentStateName }) {
  const { t } = useTranslation();
  const word = t(`parts.agentState.${state}`);
  return (
    <Badge tone={TONES[state]}>
      <span className="sr-only">{t("parts.agentState.aria", { state: word })}</span>
      <span aria-hidden>{word}</span>
    </Badge>
  );
}

// What went into a span and what came out. Words of a model or from a tool are shown as text, and marked.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FaultWords } from "@/shared/parts/FaultWords";
import { HiddenText } from "@/shared/parts/HiddenText";
import { ProvenanceBlock } from "@/shared/parts/Provenance";
import { instructionsOf, type Message, messagesOf } from "./messages";
import { attribute, numberOf, progressOf, textOf, type WireSpan, written } from "./model";

function Words({ title, children }: { title: string; children: string }) {
  return (
    <div className="flex flex-col gap-1">
      <h4 className="font-medium text-12 text-fg-strong">{title}</h4>
      <div className="num whitespace-pre-wrap rounded-5 bg-surface px-2.5 py-1.5 text-12 leading-[17px] [overflow-wrap:anywhere]">
        <HiddenText>{children}</HiddenText>
      </div>
    </div>
  );
}

/** One message of a conversation. What a tool returned came from outside, whoever reads it now. */
function Said({ message, answer }: { message: Message; answer?: boolean }) {
  const { t } = useTranslation();
  if (message.role === "tool") {
    return (
      <ProvenanceBlock origin="untrusted" source={t("traces.role.tool")} mono>
        <span className="whitespace-pre-wrap">
          <HiddenText>{message.text}</HiddenText>
        </span>
      </ProvenanceBlock>
    );
  }
  const title =
    message.tool === null
      ? t(answer ? "traces.answer" : `traces.role.${message.role}`)
      : t("traces.called", { tool: message.tool });
  return <Words title={title}>{message.text}</Words>;
}

/** What an ended span says about its failure, wherever the recorder put it. */
const FAULTS = ["error.message", "exception.message"] as const;

/** The words of a failure and its code; a span may have one without the other. */
function Fault({ code, words }: { code: string | null; words: string | null }) {
  if (code === null) return words !== null && <HiddenText>{words}</HiddenText>;
  return <FaultWords code={code} message={words ?? ""} />;
}

/** What the server of a tool said of its own progress: while the call runs, and after. */
function Progress({ span, tool }: { span: WireSpan; tool: string }) {
  const { t } = useTranslation();
  const lines = progressOf(span);
  if (lines.length === 0) return null;
  const all = numberOf(span, "chimera.mcp.progress.reports") ?? lines.length;
  const source = t("traces.progress", { tool });
  const cut = t("traces.progressCut", { shown: lines.length, all });
  return (
    <ProvenanceBlock
      origin="untrusted"
      source={all > lines.length ? `${source}, ${cut}` : source}
      mono
    >
      <span className="whitespace-pre-wrap">
        <HiddenText>{lines.join("\n")}</HiddenText>
      </span>
    </ProvenanceBlock>
  );
}

export function Payload({ span, empty }: { span: WireSpan; empty: ReactNode }) {
  const { t } = useTranslation();
  const goal = textOf(span, "chimera.goal");
  const given = attribute(span, "gen_ai.tool.call.arguments");
  const result = attribute(span, "gen_ai.tool.call.result");
  const asked = [
    ...instructionsOf(attribute(span, "gen_ai.system_instructions")),
    ...messagesOf(attribute(span, "gen_ai.input.messages") ?? null),
  ];
  const answered = messagesOf(attribute(span, "gen_ai.output.messages") ?? null);
  const why = textOf(span, "gen_ai.evaluation.explanation");
  const fault = FAULTS.map((name) => textOf(span, name)).find((text) => text !== null) ?? null;
  const code = textOf(span, "error.type");
  const tool = textOf(span, "gen_ai.tool.name") ?? "";
  const told = progressOf(span)[0];
  const single = [goal, given, result, why, fault, code, told];
  if (
    asked.length + answered.length === 0 &&
    single.every((one) => one === null || one === undefined)
  ) {
    return <div className="m-auto">{empty}</div>;
  }
  return (
    <div className="flex min-w-0 flex-col gap-2.5 px-4 py-3">
      {(fault !== null || code !== null) && (
        <div className="rounded-5 border border-bad-line bg-bad-soft px-2.5 py-1.5 text-12">
          <b className="font-semibold text-bad">{t("traces.fault")}</b>{" "}
          <Fault code={code} words={fault} />
        </div>
      )}
      {goal !== null && (
        <ProvenanceBlock origin="operator" source={t("traces.goal")}>
          <HiddenText>{goal}</HiddenText>
        </ProvenanceBlock>
      )}
      {given !== undefined && (
        <Words title={t(span.kind === "effect" ? "traces.sent" : "traces.arguments")}>
          {written(given)}
        </Words>
      )}
      <Progress span={span} tool={tool} />
      {result !== undefined && (
        <ProvenanceBlock origin="untrusted" source={t("traces.result", { tool })} mono>
          <span className="whitespace-pre-wrap">
            <HiddenText>{written(result)}</HiddenText>
          </span>
        </ProvenanceBlock>
      )}
      {asked.map((message) => (
        <Said key={`${message.role}-${message.at}`} message={message} />
      ))}
      {answered.map((message) => (
        <Said key={`answer-${message.at}`} message={message} answer />
      ))}
      {why !== null && <Words title={t("traces.explanation")}>{why}</Words>}
    </div>
  );
}

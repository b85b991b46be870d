// What MCP servers ask in the middle of a call: shown to who may answer, answered by nobody else.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card, CardBody } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Countdown, RelativeTime } from "@/shared/parts/RelativeTime";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import { useMay } from "@/shared/session/useMe";
import { AnswerField } from "./AnswerField";
import { contentOf, draftOf, isNumber } from "./draft";

/** Pause between two looks: a question comes without a fact that would tell of it. */
const LOOK_MS = 2_000;

function useAnswer(question: Wire<"Question">) {
  const answer = hooks.useMutation("post", "/api/v1/connections/questions/{question}");
  const params = { path: { question: question.id } };
  return {
    busy: answer.isPending,
    failed: answer.error ? asApiError(answer.error) : null,
    accept: (content: Record<string, unknown>) =>
      answer.mutate({ params, body: { action: "accept", content } }),
    say: (action: "decline" | "cancel") => answer.mutate({ params, body: { action } }),
  };
}

function Form({ question }: { question: Wire<"Question"> }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(question));
  const { busy, failed, accept, say } = useAnswer(question);
  const lacking = question.fields.some(({ kind, name, required }) => {
    const held = draft[name] ?? null;
    const empty = held === null || held === "";
    const numeric = kind === "number" || kind === "integer";
    return (required && empty) || (numeric && !empty && !isNumber(String(held)));
  });
  return (
    <form
      className="flex flex-col gap-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!lacking && !busy) accept(contentOf(question, draft));
      }}
    >
      {question.fields.length === 0 && (
        <p className="text-12 text-fg-muted">{t("questions.noFields")}</p>
      )}
      {question.fields.map((field) => (
        <AnswerField
          key={field.name}
          of={field}
          held={draft[field.name] ?? null}
          onChange={(held) => setDraft({ ...draft, [field.name]: held })}
        />
      ))}
      {failed && (
        <div role="alert">
          <Callout tone="bad">
            <b className="font-semibold">{t("questions.failed")}</b> {failed.message} {failed.hint}
          </Callout>
        </div>
      )}
      <div className="flex flex-wrap gap-1.5">
        <Button type="submit" tone="primary" busy={busy} disabled={lacking}>
          {t("questions.accept")}
        </Button>
        <Button busy={busy} onClick={() => say("decline")}>
          {t("questions.decline")}
        </Button>
        <Button tone="danger-outline" busy={busy} onClick={() => say("cancel")}>
          {t("questions.cancel")}
        </Button>
      </div>
    </form>
  );
}

function Asked({ question, mayAnswer }: { question: Wire<"Question">; mayAnswer: boolean }) {
  const { t } = useTranslation();
  const { server, tool } = question;
  return (
    <li
      aria-label={t("questions.asksOf", { server })}
      className="flex flex-col gap-2.5 border-line border-b p-3 last:border-b-0"
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <b className="font-medium text-fg-strong">
          <HiddenText>
            {tool === null
              ? t("questions.asks", { server })
              : t("questions.asksIn", { server, tool })}
          </HiddenText>
        </b>
        <UntrustedBadge />
        <span className="ml-auto">
          <Countdown until={question.until} />
        </span>
      </header>
      <p className="whitespace-pre-wrap text-fg [overflow-wrap:anywhere]">
        <HiddenText>{question.message}</HiddenText>
      </p>
      {question.suspicion !== null && (
        <Callout tone="warn">
          <HiddenText>{t("questions.suspicion", { why: question.suspicion })}</HiddenText>
        </Callout>
      )}
      {mayAnswer ? (
        <Form question={question} />
      ) : (
        <p className="text-12 text-fg-muted">{t("questions.readOnly")}</p>
      )}
    </li>
  );
}

function Ended({ of }: { of: Wire<"EndedQuestion">[] }) {
  const { t } = useTranslation();
  return (
    <ul aria-label={t("questions.ended")} className="flex flex-col gap-0.5 text-12 text-fg-muted">
      {of.map(({ server, tool, end, at }) => (
        <li key={`${server} ${tool} ${end} ${at}`}>
          <span className="num text-fg">
            <HiddenText>{tool === null ? server : `${server}.${tool}`}</HiddenText>
          </span>{" "}
          {t(`questions.end.${end}`)} <RelativeTime at={at} />
        </li>
      ))}
    </ul>
  );
}

export function Questions() {
  const { t } = useTranslation();
  const mayAnswer = useMay("connection_answer");
  const { data } = hooks.useQuery("get", "/api/v1/connections/questions", undefined, {
    refetchInterval: LOOK_MS,
  });
  if (!data || data.items.length + data.ended.length === 0) return null;
  return (
    <Card title={t("questions.title")} className="flex-none">
      {data.items.length > 0 && (
        <>
          <p className="px-3 pt-2.5 text-12 text-fg-muted">{t("questions.hint")}</p>
          <ul>
            {data.items.map((question) => (
              <Asked key={question.id} question={question} mayAnswer={mayAnswer} />
            ))}
          </ul>
        </>
      )}
      {data.ended.length > 0 && (
        <CardBody>
          <Ended of={data.ended} />
        </CardBody>
      )}
    </Card>
  );
}

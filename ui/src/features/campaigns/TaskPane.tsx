// The chosen step: how it stands, what went wrong and what to do, who decides, where its run can be read.
import { Link } from "@tanstack/react-router";
import { ListTodo } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { basisPoints } from "@/shared/format/confidence";
import { skillTitle } from "@/shared/format/skill";
import { Badge } from "@/shared/parts/Badge";
import { Button, buttonClass } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Section } from "@/shared/parts/Card";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { FaultWords } from "@/shared/parts/FaultWords";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";
import { Money } from "@/shared/parts/Money";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";
import { hasFailed, standsOf, toneOf } from "./drawn";
import { Wrote } from "./Wrote";

const ENDED: ReadonlySet<Wire<"TaskState">> = new Set([
  "completed",
  "failed",
  "cancelled",
  "timed_out",
]);

export function TaskPane({ task }: { task: Wire<"Task"> | null }) {
  const { t } = useTranslation();
  if (!task) {
    return (
      <div className="flex flex-1 flex-col justify-center bg-raised">
        <EmptyState
          icon={ListTodo}
          title={t("campaigns.page.chooseTask")}
          text={t("campaigns.page.chooseTaskText")}
        />
      </div>
    );
  }
  return <Chosen key={task.id} task={task} />;
}

function Acts({ task }: { task: Wire<"Task"> }) {
  const { t } = useTranslation();
  const mayWrite = useMay("campaign_write");
  const [asking, setAsking] = useState(false);
  const cancel = hooks.useMutation("post", "/api/v1/tasks/{task}/cancel", {
    onError: sayFailed(t("campaigns.page.cancelTaskFailed")),
    onSettled: () => setAsking(false),
  });
  return (
    <div className="flex flex-wrap gap-1.5">
      {task.review && (
        <Link to={at.review(task.review) as string} className={buttonClass("plain", "sm")}>
          {t("campaigns.page.openReview")}
        </Link>
      )}
      <Link
        to={at.trace(task.trace) as string}
        search={{ span: task.span } as never}
        className={buttonClass("plain", "sm")}
      >
        {t("campaigns.page.openTrace")}
      </Link>
      {mayWrite && !ENDED.has(task.state) && (
        <Button size="sm" tone="danger-outline" onClick={() => setAsking(true)}>
          {t("campaigns.page.cancelTask")}
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate({ params: { path: { task: task.id } }, body: {} })}
        busy={cancel.isPending}
        title={t("campaigns.page.cancelTaskTitle")}
        confirm={t("campaigns.page.cancelTask")}
      >
        {t("campaigns.page.cancelTaskText")}
      </ConfirmDialog>
    </div>
  );
}

function Chosen({ task }: { task: Wire<"Task"> }) {
  const { t } = useTranslation();
  const stands = standsOf(task);
  return (
    <div className="min-h-0 flex-1 overflow-auto bg-raised">
      <header className="flex flex-col items-start gap-1.5 border-line border-b px-3.5 py-3">
        <h2 className="font-semibold text-fg-strong">{task.title}</h2>
        <Badge tone={toneOf(stands)}>{t(`campaigns.state.${stands}`)}</Badge>
        <Acts task={task} />
      </header>
      {task.fault && (
        <div className="border-line border-b px-3.5 py-3">
          <Callout tone={hasFailed(task) ? "bad" : "info"}>
            {hasFailed(task) && (
              <>
                <b className="font-semibold">{t("campaigns.page.fault")}</b>{" "}
              </>
            )}
            <FaultWords {...task.fault} />
          </Callout>
        </div>
      )}
      {task.guidance.length > 0 && (
        <Section title={t("campaigns.page.guidance")}>
          <ul className="flex list-disc flex-col gap-1 pl-4 text-12">
            {task.guidance.map((words) => (
              <li key={words}>
                <HiddenText>{words}</HiddenText>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <div className="border-line border-b px-3.5 py-3">
        <KeyValue
          rows={[
            [
              t("campaigns.step.skill"),
              <span key="k" title={task.skill}>
                {skillTitle(task.skill, t)}
              </span>,
            ],
            ...(task.platform
              ? [[t("campaigns.step.platform"), t(`post.network.${task.platform}`)] as const]
              : []),
            ...(task.score === null
              ? []
              : [
                  [
                    t("campaigns.page.score"),
                    <ConfidenceBadge key="s" basisPoints={basisPoints(task.score)} />,
                  ] as const,
                ]),
            [
              t("campaigns.step.maxCost"),
              task.max_cost === null ? (
                t("campaigns.step.noCap")
              ) : (
                <Money key="m" amount={task.max_cost} />
              ),
            ],
            ...(task.deadline
              ? [
                  [
                    t("campaigns.step.deadline"),
                    <RelativeTime key="d" at={task.deadline} />,
                  ] as const,
                ]
              : []),
            ...(task.publish_at
              ? [
                  [
                    t("campaigns.step.publishAt"),
                    <RelativeTime key="p" at={task.publish_at} />,
                  ] as const,
                ]
              : []),
            ...(task.worker ? [[t("campaigns.page.worker"), task.worker] as const] : []),
          ]}
        />
        {(task.attempts > 0 || task.rejections > 0) && (
          <p className="mt-2 flex gap-2 text-12 text-fg-muted">
            {task.attempts > 0 && t("campaigns.page.attempts", { count: task.attempts })}{" "}
            {task.rejections > 0 && t("campaigns.page.rejections", { count: task.rejections })}
          </p>
        )}
      </div>
      <Wrote task={task} />
      <Section title={t("campaigns.step.instructions")}>
        <p className="text-12 leading-[18px] [overflow-wrap:anywhere]">
          <HiddenText>{task.instructions}</HiddenText>
        </p>
      </Section>
    </div>
  );
}

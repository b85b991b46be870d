// What is about to leave and what has left: the held ones count down and can be taken back.
import { Send, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { useKey } from "@/shared/keys/useKey";
import { Await } from "@/shared/parts/Await";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { FaultWords } from "@/shared/parts/FaultWords";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { Countdown, RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";
import { useMay } from "@/shared/session/useMe";
import { Reconcile } from "./Reconcile";

type Effect = Wire<"Effect">;

const ROWS = 200;
const TONES: Record<Wire<"EffectState">, BadgeTone> = {
  held: "warn",
  dispatching: "working",
  sent: "ok",
  failed: "bad",
  undone: "neutral",
  voided: "neutral",
  pending_reconciliation: "warn",
};

/** The text of a post among an action's arguments, or the tool's name where there is none. */
export function actionWords({ tool, arguments: given }: Wire<"Action">): string {
  const content = (given as { content?: { text?: unknown } } | null)?.content;
  return typeof content?.text === "string" ? content.text : tool;
}

function useUndo() {
  const { t } = useTranslation();
  return hooks.useMutation("post", "/api/v1/effects/{effect}/undo", {
    onSuccess: () => say({ tone: "done", title: t("campaigns.page.undone") }),
    onError: sayFailed(t("campaigns.page.undoFailed")),
  });
}

function Row({ effect, newest }: { effect: Effect; newest: boolean }) {
  const { t } = useTranslation();
  const undo = useUndo();
  const mayDecide = useMay("review_decide");
  const takeBack = () => undo.mutate({ params: { path: { effect: effect.id } } });
  const can = effect.can_undo && mayDecide;
  useKey("undo", takeBack, can && newest);
  const { approval, fault, state } = effect;
  return (
    <li className="flex items-start gap-3 border-line border-b px-4 py-2">
      <span className="flex w-32 flex-none">
        <Badge tone={TONES[state]}>{t(`campaigns.effect.${state}`)}</Badge>
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-fg-strong [overflow-wrap:anywhere]">
          <HiddenText>{actionWords(effect.action)}</HiddenText>
        </p>
        <p className="mt-0.5 flex flex-wrap items-center gap-2 text-12 text-fg-muted">
          {effect.rehearsal && <RehearsalBadge />}
          {t(`post.network.${effect.action.platform}`)}
          <span>
            {t(`campaigns.page.by.${approval.kind}`, {
              name: approval.actor.name ?? approval.actor.id,
            })}
          </span>
          <RelativeTime at={effect.updated_at} />
          {state === "held" && (
            <span className="flex gap-1">
              {t("campaigns.page.heldFor")}{" "}
              <Countdown until={effect.not_before} warnMs={0} badMs={0} />
            </span>
          )}
        </p>
        {fault && (
          <p className="mt-0.5 text-12 text-bad">
            <FaultWords {...fault} />
          </p>
        )}
      </div>
      {mayDecide && state === "pending_reconciliation" && <Reconcile effect={effect} />}
      {can && (
        <Button
          size="sm"
          icon={Undo2}
          busy={undo.isPending}
          onClick={takeBack}
          {...(newest ? { action: "undo" as const } : {})}
        >
          {t("campaigns.page.undo")}
        </Button>
      )}
    </li>
  );
}

export function EffectsList({ campaign }: { campaign: string }) {
  const { t } = useTranslation();
  const effects = hooks.useQuery("get", "/api/v1/campaigns/{campaign}/effects", {
    params: { path: { campaign }, query: { limit: ROWS } },
  });
  return (
    <Await query={effects} failed={t("campaigns.page.actionsFailed")} className="p-4">
      {({ items, next }) => {
        const newest = items.find(({ can_undo }) => can_undo)?.id;
        return items.length === 0 ? (
          <EmptyState
            icon={Send}
            title={t("campaigns.page.noActions")}
            text={t("campaigns.page.noActionsText")}
          />
        ) : (
          <ul>
            {items.map((effect) => (
              <Row key={effect.id} effect={effect} newest={effect.id === newest} />
            ))}
            {next !== null && (
              <li className="px-4 py-2 text-12 text-fg-muted">
                {t("campaigns.page.moreRows", { count: ROWS })}
              </li>
            )}
          </ul>
        );
      }}
    </Await>
  );
}

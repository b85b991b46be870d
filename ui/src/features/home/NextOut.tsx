// What is about to leave and what just left, around the present moment. What is held can be taken back here.
import { Link } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { formatCount } from "@/shared/format/count";
import { postText } from "@/shared/format/postText";
import { HOUR_MS, MINUTE_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { Countdown, RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";
import { useMay } from "@/shared/session/useMe";
import { useStopped } from "@/shared/session/useStopped";

const ROW = "flex h-8 items-center gap-2.5 border-line border-b px-3 last:border-b-0";

/** Hours and minutes as people here write them. */
function clockTime(moment: string | number): string {
  return new Date(moment).toLocaleTimeString(formatLocale(), {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

type Waiting = "held" | "scheduled" | "leaving" | "unclear";

function standing(effect: Wire<"Effect">, now: number): Waiting {
  if (effect.state === "dispatching") return "leaving";
  if (effect.state === "pending_reconciliation") return "unclear";
  const later = Date.parse(effect.not_before) > Math.max(now, Date.parse(effect.held_until));
  return later ? "scheduled" : "held";
}

const TONES: Record<Waiting, BadgeTone> = {
  held: "warn",
  scheduled: "info",
  leaving: "accent",
  unclear: "bad",
};

function NextRow({ effect }: { effect: Wire<"Effect"> }) {
  const { t } = useTranslation();
  const mayDecide = useMay("review_decide");
  const now = useNow(MINUTE_MS);
  const { mutate, isPending } = hooks.useMutation("post", "/api/v1/effects/{effect}/undo", {
    onSuccess: () => void say({ tone: "done", title: t("home.undone") }),
    onError: sayFailed(t("home.undoFailed")),
  });
  const stopped = useStopped();
  const stands = standing(effect, now);
  const held = stopped && (stands === "held" || stands === "scheduled");
  const leaves = stands === "held" ? effect.held_until : effect.not_before;
  const soon = stands !== "leaving" && Date.parse(leaves) - now < HOUR_MS;
  return (
    <li className={ROW}>
      <span className="num w-[76px] flex-none text-12">
        {held ? null : soon ? (
          <Countdown until={leaves} warnMs={0} badMs={0} />
        ) : (
          <time dateTime={leaves}>{clockTime(leaves)}</time>
        )}
      </span>
      <AgentAvatar id={effect.agent.id} name={effect.agent.name} named />
      <span className="clip min-w-0 flex-1 text-fg-strong">
        <HiddenText>{postText(effect.action.arguments) ?? effect.action.tool}</HiddenText>
      </span>
      {effect.rehearsal && <RehearsalBadge />}
      <Badge tone={TONES[stands]}>{t(held ? "home.heldStopped" : `home.${stands}`)}</Badge>
      {effect.can_undo && mayDecide && (
        <Button
          size="sm"
          busy={isPending}
          onClick={() => mutate({ params: { path: { effect: effect.id } } })}
        >
          {t("home.undo")}
        </Button>
      )}
    </li>
  );
}

function OutRow({ publication }: { publication: Wire<"Publication"> }) {
  const { t } = useTranslation();
  const views = publication.engagement?.views ?? null;
  const failed = publication.status === "failed";
  const inSandbox = publication.platform === "sandbox" && publication.post_id !== null;
  const words = <HiddenText>{publication.description || publication.title}</HiddenText>;
  return (
    <li className={ROW}>
      <span className="num w-[76px] flex-none text-12 text-fg-muted">
        {publication.published_at && <RelativeTime at={publication.published_at} />}
      </span>
      <AgentAvatar id={publication.agent.id} name={publication.agent.name} named />
      {inSandbox ? (
        <Link
          to={at.network(publication.post_id ?? "")}
          className="clip min-w-0 flex-1 text-fg-strong hover:underline"
        >
          {words}
        </Link>
      ) : (
        <span className="clip min-w-0 flex-1 text-fg-strong">{words}</span>
      )}
      {publication.rehearsal && <RehearsalBadge />}
      <Badge tone={failed ? "bad" : "ok"}>
        {failed
          ? t("home.failed")
          : views === null
            ? t("home.published")
            : t("home.views", { count: views, views: formatCount(views, formatLocale()) })}
      </Badge>
    </li>
  );
}

function SentRow({ effect }: { effect: Wire<"Effect"> }) {
  const { t } = useTranslation();
  return (
    <li className={ROW}>
      <span className="num w-[76px] flex-none text-12 text-fg-muted">
        <RelativeTime at={effect.receipt?.received_at ?? effect.updated_at} />
      </span>
      <AgentAvatar id={effect.agent.id} name={effect.agent.name} named />
      <span className="clip min-w-0 flex-1 text-fg-strong">
        <HiddenText>{postText(effect.action.arguments) ?? effect.action.tool}</HiddenText>
      </span>
      {effect.rehearsal && <RehearsalBadge />}
      <Badge tone="ok">{t("home.published")}</Badge>
    </li>
  );
}

export interface NextOutProps {
  effects: readonly Wire<"Effect">[];
  /** Null where the person's roles do not open them: what left is then told by the actions. */
  publications: readonly Wire<"Publication">[] | null;
}

const PENDING: readonly Wire<"EffectState">[] = ["held", "dispatching", "pending_reconciliation"];
const NEXT_MAX = 8;
const OUT_MAX = 8;

export function NextOut({ effects, publications }: NextOutProps) {
  const { t } = useTranslation();
  const now = useNow(MINUTE_MS);
  const leaves = (effect: Wire<"Effect">) => Date.parse(effect.not_before);
  const next = effects
    .filter(({ state }) => PENDING.includes(state))
    .sort((a, b) => leaves(b) - leaves(a))
    .slice(-NEXT_MAX);
  const out = publications?.filter(({ status }) => status !== "scheduled") ?? [];
  const sent = publications
    ? []
    : effects.filter(({ state }) => state === "sent").slice(0, OUT_MAX);
  return (
    <Card title={t("home.nextTitle")}>
      {next.length + out.length + sent.length === 0 ? (
        <EmptyState icon={Send} title={t("home.nextEmpty")} text={t("home.nextEmptyText")} />
      ) : (
        <>
          <ul>
            {next.map((effect) => (
              <NextRow key={effect.id} effect={effect} />
            ))}
          </ul>
          <p className="flex h-5 items-center gap-2 px-3 text-11 text-accent-fg after:h-px after:flex-1 after:bg-accent-line">
            {t("home.now", { time: clockTime(now) })}
          </p>
          <ul>
            {out.map((publication) => (
              <OutRow key={publication.id} publication={publication} />
            ))}
            {sent.map((effect) => (
              <SentRow key={effect.id} effect={effect} />
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

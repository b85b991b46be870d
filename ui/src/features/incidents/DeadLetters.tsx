// Steps that were given up: why, after how many tries, whether anything took effect; and having one done again.
import { Link } from "@tanstack/react-router";
import { MailCheck, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { FaultWords } from "@/shared/parts/FaultWords";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";
import { EventList } from "./EventList";

const PAGE_ROWS = 50;

function Replay({ letter }: { letter: Wire<"DeadLetter"> }) {
  const { t } = useTranslation();
  const may = useMay("fleet_write");
  const { mutate, isPending } = hooks.useMutation("post", "/api/v1/dead-letters/{task}/replay", {
    onError: sayFailed(t("incidents.replayFailed")),
  });
  const { allowed, refused, not_before } = letter.replay;
  if (refused) return null;
  if (!allowed && not_before) {
    return (
      <span className="flex-none text-12 text-fg-muted">
        {t("incidents.replayFrom")} <RelativeTime at={not_before} />
      </span>
    );
  }
  if (!may) return null;
  return (
    <Button
      size="sm"
      icon={RotateCcw}
      busy={isPending}
      aria-label={t("incidents.replayOf", { title: letter.title })}
      onClick={() => mutate({ params: { path: { task: letter.task } } })}
    >
      {t("incidents.replay")}
    </Button>
  );
}

function Row({ letter }: { letter: Wire<"DeadLetter"> }) {
  const { t } = useTranslation();
  return (
    <li className="flex items-start gap-2.5 border-line border-b px-3 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="font-medium text-fg-strong">{letter.title}</p>
        {letter.fault && (
          <p className="text-12 text-fg-muted [overflow-wrap:anywhere]">
            <FaultWords code={letter.fault.code} message={letter.fault.message} />
          </p>
        )}
        {letter.replay.refused && (
          <p className="text-12 text-warn [overflow-wrap:anywhere]">{letter.replay.refused}</p>
        )}
        <p className="mt-0.5 flex flex-wrap items-center gap-2 text-11 text-fg-muted">
          <RelativeTime at={letter.at} />
          <span>{t("incidents.tries", { count: letter.tries })}</span>
          <span>{letter.agent.name}</span>
          <Badge tone={letter.took_effect === "unknown" ? "warn" : "outline"}>
            {t(`incidents.tookEffect.${letter.took_effect}`)}
          </Badge>
          <Link
            to={at.campaign(letter.campaign)}
            className="text-accent-fg underline underline-offset-2"
          >
            {letter.campaign_name}
          </Link>
        </p>
      </div>
      <Replay letter={letter} />
    </li>
  );
}

export function DeadLetters() {
  const { t } = useTranslation();
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/dead-letters",
    { params: { query: { limit: PAGE_ROWS } } },
    PAGED,
  );
  return (
    <EventList
      title={t("incidents.deadLetters")}
      query={query}
      failed={t("incidents.deadLettersFailed")}
      empty={
        <EmptyState
          icon={MailCheck}
          title={t("incidents.deadLettersEmpty")}
          text={t("incidents.deadLettersEmptyText")}
        />
      }
    >
      {(letter) => <Row key={letter.task} letter={letter} />}
    </EventList>
  );
}

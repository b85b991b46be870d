// Why a person is asked, what the scores are made of, where the words came from, and what was decided before.
import { Link } from "@tanstack/react-router";
import { ListTree } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { basisPoints, formatConfidence } from "@/shared/format/confidence";
import { writtenHidden } from "@/shared/format/hidden";
import { Section } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { KeyHint } from "@/shared/parts/Kbd";
import { OriginLabel, ProvenanceTable } from "@/shared/parts/Provenance";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { DegradedState } from "@/shared/parts/States";
import { useMay } from "@/shared/session/useMe";
import { Exactly } from "./Exactly";
import { Flow } from "./Flow";
import { rowsOf, sourceOf } from "./origins";
import { Scores } from "./Scores";
import { StateBadge } from "./StateBadge";
import { Why } from "./Why";

type Card = Wire<"ReviewCard">;

function Origins({ card }: { card: Card }) {
  const { t } = useTranslation();
  const words = {
    goal: t("review.origin.goal"),
    voice: t("review.origin.voice"),
    reads: t("review.origin.reads"),
    soul: t("review.origin.soul", { version: card.persona.version }),
    memory: t("review.origin.memory"),
    model: t("review.origin.model"),
  };
  return (
    <Section title={t("review.origin.title")}>
      <ProvenanceTable
        rows={rowsOf(card, words).map((row) => ({
          ...row,
          value: (
            <span title={writtenHidden(row.value)}>
              <HiddenText>{row.value}</HiddenText>
            </span>
          ),
        }))}
      />
    </Section>
  );
}

function Similar({ similar }: { similar: readonly Wire<"SimilarDecision">[] }) {
  const { t } = useTranslation();
  return (
    <Section title={t("review.similar.title")}>
      {similar.length === 0 && <p className="text-12 text-fg-muted">{t("review.similar.none")}</p>}
      <ul>
        {similar.map((one) => (
          <li key={one.review}>
            <Link
              to={at.review(one.review) as string}
              title={writtenHidden(one.note || one.text)}
              className="-mx-1.5 flex min-h-[26px] flex-wrap items-center gap-x-2 gap-y-0.5 rounded-5 px-1.5 py-1 text-12 hover:bg-hover"
            >
              <StateBadge state={one.state} />
              <span className="clip min-w-24 flex-1">
                <HiddenText>{(one.note || one.text).slice(0, 200)}</HiddenText>
              </span>
              <span className="flex-none text-11 text-fg-muted">
                {one.decided_by?.name.split(" ")[0]}{" "}
                {one.decided_at && <RelativeTime at={one.decided_at} />}
              </span>
              <span className="num flex-none text-fg-muted">
                {formatConfidence(basisPoints(one.confidence))}
              </span>
              {one.rehearsal && <RehearsalBadge />}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Sources({ sources }: { sources: readonly Wire<"Source">[] }) {
  const { t } = useTranslation();
  return (
    <Section
      title={t("review.sources.title")}
      aside={t("review.sources.count", { count: sources.length })}
    >
      {sources.length === 0 && <p className="text-12 text-fg-muted">{t("review.sources.none")}</p>}
      <ul className="flex flex-col gap-2">
        {sources.map((source) => {
          const { origin, name } = sourceOf(source.origin);
          return (
            <li key={`${source.title} ${source.url}`} className="text-12">
              <div className="flex items-center gap-2">
                <OriginLabel origin={origin}>{name}</OriginLabel>
                <span className="ml-auto flex-none text-11 text-fg-muted">
                  {t("review.sources.fetched")} <RelativeTime at={source.fetched_at} />
                </span>
              </div>
              <p className="font-medium text-fg-strong [overflow-wrap:anywhere]">
                <HiddenText>{source.title}</HiddenText>
              </p>
              {source.excerpt !== "" && (
                <p className="line-clamp-3 text-fg-muted [overflow-wrap:anywhere]">
                  <HiddenText>{source.excerpt}</HiddenText>
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Trace({ card }: { card: Card }) {
  const { t } = useTranslation();
  const may = useMay("trace_read");
  const { trace, span } = card;
  if (!may) return null;
  return (
    <Link
      to={at.trace(trace, span) as string}
      className="flex items-center gap-2 px-3.5 py-3 text-12 hover:bg-hover"
    >
      <span className="flex items-center gap-1.5 text-accent-fg">
        <Icon of={ListTree} size="sm" />
        {t("review.trace.open")}
      </span>
      <span className="num text-11 text-fg-muted">{`${trace.slice(0, 4)}…${trace.slice(-4)}`}</span>
      <span className="ml-auto">
        <KeyHint action="trace" />
      </span>
    </Link>
  );
}

export function Evidence({ card }: { card: Card }) {
  const { t } = useTranslation();
  return (
    <div className="min-h-0 flex-1 overflow-auto bg-surface">
      <Why card={card} />
      <Scores review={card.review} verdict={card.verdict} bands={card.bands} />
      {card.verdict === null && (
        <div className="border-line border-b px-3.5 py-3">
          <DegradedState title={t("review.score.noVerdict")}>
            {t("review.score.noVerdictText")}
          </DegradedState>
        </div>
      )}
      <Flow provenance={card.artifact.provenance} />
      <Exactly shown={card.outgoing} bound={card.shown} />
      <Origins card={card} />
      <Similar similar={card.similar} />
      <Sources sources={card.artifact.sources} />
      <Trace card={card} />
    </div>
  );
}

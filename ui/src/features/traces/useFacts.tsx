// The figures of a span, for the list beside its words.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { basisPoints } from "@/shared/format/confidence";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { Money } from "@/shared/parts/Money";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { attribute, numberOf, textOf, type WireSpan } from "./model";

type Row = readonly [name: string, value: ReactNode];

const TEXTS = [
  ["model", "gen_ai.response.model"],
  ["provider", "gen_ai.provider.name"],
  ["insteadOf", "chimera.fallback.for"],
  ["insteadBecause", "chimera.fallback.because"],
  ["ask", "chimera.ask"],
  ["skill", "chimera.skill"],
  ["tool", "gen_ai.tool.name"],
  ["effectState", "chimera.effect.state"],
  ["reviewState", "chimera.review.state"],
  ["risk", "gen_ai.evaluation.score.label"],
] as const;
const COUNTS = [
  ["input", "gen_ai.usage.input_tokens"],
  ["output", "gen_ai.usage.output_tokens"],
  ["findings", "chimera.findings"],
  ["planSteps", "chimera.plan.steps"],
] as const;

export function useFacts(span: WireSpan): readonly Row[] {
  const { t } = useTranslation();
  const locale = formatLocale();
  const rows: Row[] = [];
  const score = numberOf(span, "gen_ai.evaluation.score.value");
  const cost = textOf(span, "chimera.cost_usd");
  const until = textOf(span, "chimera.held_until");
  const size = numberOf(span, "chimera.result.chars");
  if (score !== null) {
    rows.push([t("traces.score"), <ConfidenceBadge key="s" basisPoints={basisPoints(score)} />]);
  }
  for (const [name, from] of TEXTS) {
    const text = textOf(span, from);
    if (text !== null) rows.push([t(`traces.${name}`), text]);
  }
  const guessed = attribute(span, "chimera.usage.estimated") === true;
  for (const [name, from] of COUNTS) {
    const count = numberOf(span, from);
    if (count === null) continue;
    const usage = name === "input" || name === "output";
    const note = usage && guessed ? ` (${t("traces.estimated")})` : "";
    rows.push([t(`traces.${name}`), `${formatCount(count, locale)}${note}`]);
  }
  if (size !== null) {
    rows.push([
      t("traces.resultSize"),
      t("traces.span.characters", { size: formatCount(size, locale) }),
    ]);
  }
  if (cost !== null) rows.push([t("traces.price"), <Money key="c" amount={cost} />]);
  if (until !== null) rows.push([t("traces.heldUntil"), <RelativeTime key="u" at={until} />]);
  rows.push([t("traces.began"), <RelativeTime key="b" at={span.started_at} />]);
  return rows;
}

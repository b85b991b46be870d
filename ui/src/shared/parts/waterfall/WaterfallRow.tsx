// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by the virtualizer, which table elements forbid
// biome-ignore-all lint/a11y/useFocusableInteractive: the tree grid keeps the focus and names its active row
// One row of a waterfall: name at its depth, bar at its time, tokens and length.
import { clsx } from "clsx";
import {
  Bot,
  Brain,
  ChevronDown,
  ChevronRight,
  Gavel,
  Play,
  Route,
  Scale,
  Send,
  Sparkles,
  UserRound,
  Wrench,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { clock, duration, MINUTE_MS } from "@/shared/format/time";
import { formatLocale } from "@/shared/i18n/locale";
import { type Glyph, Icon } from "@/shared/parts/Icon";
import { TaintChip } from "@/shared/parts/Untrusted";
import type { Axis } from "./axis";
import { drawnEnd, isHolder, type Span, type SpanKind, type SpanRow } from "./model";

const INDENT_PX = 14;
/** Past this place the words stand before the bar instead of after it. */
const NOTE_LEFT_FROM = 0.72;
/** Before a bar that begins nearer to the names than this there is no room for words: they stand in the bar, at its end. */
const NOTE_INSIDE_UNTIL = 0.18;

const MODEL = { text: "text-model", bar: "bg-model-fill" };
const TOOL = { text: "text-tool", bar: "bg-tool-fill" };
const HOLDER = { text: "text-fg", bar: "bg-wait-fill/80" };
const HUMAN = { text: "text-human", bar: "stripes-human inset-ring inset-ring-human" };
const LOOKS: Record<SpanKind, { icon: Glyph; text: string; bar: string }> = {
  workflow: { icon: Play, ...HOLDER },
  agent: { icon: Bot, ...HOLDER },
  plan: { icon: Route, ...MODEL },
  model: { icon: Sparkles, ...MODEL },
  tool: { icon: Wrench, ...TOOL },
  memory: { icon: Brain, ...TOOL },
  effect: { icon: Send, ...TOOL },
  judge: { icon: Gavel, text: "text-judge", bar: "bg-judge-fill" },
  approval: { icon: UserRound, ...HUMAN },
  check: { icon: Scale, text: "text-fg-muted", bar: "bg-wait-fill" },
};

export const COLUMNS =
  "grid grid-cols-[230px_minmax(0,1fr)_94px_52px] max-wide:grid-cols-[196px_minmax(0,1fr)_92px_48px]";

export function spanId(id: string): string {
  return `span-${id}`;
}

function Bar({ span, axis, now }: { span: Span; axis: Axis; now: number }) {
  const { t } = useTranslation();
  const left = axis.place(span.start);
  const width = axis.place(drawnEnd(span, now)) - left;
  const open = span.end === null && !span.planned;
  const words = span.note ?? (open && !isHolder(span.kind) ? t("parts.waterfall.open") : "");
  const end = left + width;
  const before = end > NOTE_LEFT_FROM && !span.planned;
  const inside = before && left < NOTE_INSIDE_UNTIL;
  return (
    <>
      <span
        className={clsx(
          "absolute top-[7px] h-3 min-w-[3px] rounded-3",
          span.planned
            ? "w-12 border border-fg-faint border-dashed"
            : span.failed
              ? "bg-bad-fill"
              : LOOKS[span.kind].bar,
          open && "fade-open rounded-r-none",
        )}
        style={{
          left: span.planned ? `min(${left * 100}%, 100% - 48px)` : `${left * 100}%`,
          ...(span.planned ? {} : { width: `${width * 100}%` }),
        }}
      />
      {words && (
        <span
          className={clsx(
            "absolute top-[5px] whitespace-nowrap px-1 text-11 text-fg-muted leading-4",
            inside && "rounded-3 bg-surface",
          )}
          style={
            span.planned
              ? { right: `max(${(1 - left) * 100}%, 50px)` }
              : inside
                ? { right: `calc(${(1 - end) * 100}% + 6px)` }
                : before
                  ? { right: `${(1 - left) * 100}%` }
                  : { left: `${end * 100}%` }
          }
        >
          {words}
        </span>
      )}
    </>
  );
}

const TENTH_MS = 100;

function seconds(span: Span, now: number): string {
  if (span.planned) return "";
  const ms = drawnEnd(span, now) - span.start;
  if (ms >= MINUTE_MS) return clock(ms);
  // What is quick would all read as nothing.
  return (ms / 1_000).toFixed(ms < TENTH_MS ? 3 : 1);
}

export interface WaterfallRowProps {
  row: SpanRow;
  index: number;
  axis: Axis;
  now: number;
  selected: boolean;
  onSelect: () => void;
  onFold: () => void;
}

export function WaterfallRow({
  row,
  index,
  axis,
  now,
  selected,
  onSelect,
  onFold,
}: WaterfallRowProps) {
  const { t } = useTranslation();
  const { span, depth, children, folded } = row;
  const look = LOOKS[span.kind];
  const locale = formatLocale();
  const says = t("parts.waterfall.aria", {
    name: span.name,
    start: duration(span.start, locale),
    length: span.planned
      ? t("parts.waterfall.planned")
      : span.end === null
        ? t("parts.waterfall.open")
        : duration(span.end - span.start, locale),
  });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree grid that holds the rows has the arrow keys
    <div
      id={spanId(span.id)}
      role="row"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-label={says}
      {...(children > 0 ? { "aria-expanded": !folded } : {})}
      onClick={onSelect}
      className={clsx(
        COLUMNS,
        "h-[26px] items-center hover:bg-hover aria-selected:bg-selected aria-selected:inset-shadow-[2px_0_0_var(--accent)]",
        span.planned && "text-fg-muted",
      )}
    >
      <div
        role="gridcell"
        className="flex min-w-0 items-center gap-1.5 pr-2 text-[12.5px]"
        style={{ paddingLeft: 10 + depth * INDENT_PX }}
      >
        {children > 0 ? (
          <button
            type="button"
            tabIndex={-1}
            aria-label={t(folded ? "parts.waterfall.unfold" : "parts.waterfall.fold", {
              name: span.name,
            })}
            onClick={(event) => {
              event.stopPropagation();
              onFold();
            }}
            className="text-fg-faint hover:text-fg-strong"
          >
            <Icon of={folded ? ChevronRight : ChevronDown} size="xs" />
          </button>
        ) : (
          <span className="w-3 flex-none" />
        )}
        <Icon of={look.icon} size="sm" className={span.planned ? "text-fg-muted" : look.text} />
        <span className="clip">{span.name}</span>
        {span.tainted && (
          <span className="ml-auto flex">
            <TaintChip />
          </span>
        )}
      </div>
      <div role="gridcell" aria-hidden className="relative h-full">
        <Bar span={span} axis={axis} now={now} />
      </div>
      <div role="gridcell" className="num whitespace-nowrap pr-2.5 text-right text-fg-muted">
        {span.tokens}
      </div>
      <div role="gridcell" className="num pr-2.5 text-right text-fg-muted">
        {seconds(span, now)}
      </div>
    </div>
  );
}

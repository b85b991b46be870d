// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
// The chosen span: what went in, what came out, what it cost, and where its words came from.
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Braces } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { duration, SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { formatLocale } from "@/shared/i18n/locale";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { buttonClass } from "@/shared/parts/Button";
import { CopyButton } from "@/shared/parts/CopyButton";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";
import { Segmented } from "@/shared/parts/Segmented";
import { EmptyState } from "@/shared/parts/States";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import { nameOf, type SpanWords, textOf, type WireSpan, written } from "./model";
import { Payload } from "./Payload";
import { useFacts } from "./useFacts";

type View = "payload" | "attributes";

const TONES: Record<WireSpan["status"], BadgeTone> = {
  open: "working",
  ok: "ok",
  error: "bad",
  cancelled: "neutral",
};

function Lasted({ span, skew }: { span: WireSpan; skew: number }) {
  const open = span.ended_at === null;
  const now = useNow(open ? SECOND_MS : null) - skew;
  const end = open ? now : Date.parse(span.ended_at ?? span.started_at);
  return duration(Math.max(0, end - Date.parse(span.started_at)), formatLocale());
}

function Attributes({ span }: { span: WireSpan }) {
  const { t } = useTranslation();
  const all = written(span.attributes);
  if (Object.keys(span.attributes).length === 0) {
    return <p className="p-4 text-12 text-fg-muted">{t("traces.noAttributes")}</p>;
  }
  return (
    <div className="flex flex-col gap-1.5 px-4 py-3">
      <div className="flex items-center gap-2">
        <UntrustedBadge />
        <CopyButton text={all} />
      </div>
      <pre className="num whitespace-pre-wrap text-12 leading-[17px] [overflow-wrap:anywhere]">
        <HiddenText>{all}</HiddenText>
      </pre>
    </div>
  );
}

export interface SpanPaneProps {
  span: WireSpan | null;
  words: SpanWords;
  skew: number;
}

export function SpanPane({ span, words, skew }: SpanPaneProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>("payload");
  return (
    <section
      aria-label={t("traces.inspector")}
      className={clsx(
        "flex flex-none flex-col border-line border-t bg-raised",
        // Nothing chosen takes no room from the steps.
        span ? "h-[38%] min-h-44" : "h-10",
      )}
    >
      {span ? (
        <Chosen span={span} words={words} skew={skew} view={view} onView={setView} />
      ) : (
        <p className="m-auto text-12 text-fg-muted">{t("traces.chooseSpan")}</p>
      )}
    </section>
  );
}

interface ChosenProps extends SpanPaneProps {
  span: WireSpan;
  view: View;
  onView: (view: View) => void;
}

function Chosen({ span, words, skew, view, onView }: ChosenProps) {
  const { t } = useTranslation();
  const facts = useFacts(span);
  const review = textOf(span, "chimera.review.id");
  return (
    <>
      <header className="flex flex-none items-center gap-2 border-line border-b py-1.5 pr-3 pl-4">
        <h3 className="clip font-semibold text-fg-strong">
          <HiddenText>{nameOf(span, words)}</HiddenText>
        </h3>
        <span className="flex-none text-12 text-fg-muted">{t(`traces.kind.${span.kind}`)}</span>
        <Badge tone={TONES[span.status]}>{t(`traces.state.${span.status}`)}</Badge>
        <span className="ml-auto flex flex-none items-center gap-2">
          {review && (
            <Link to={at.review(review) as string} className={buttonClass("plain", "sm")}>
              {t("traces.openReview")}
            </Link>
          )}
          <Segmented
            label={t("traces.view")}
            value={view}
            onChange={onView}
            segments={[
              { value: "payload", label: t("traces.payload") },
              { value: "attributes", label: t("traces.attributes") },
            ]}
          />
        </span>
      </header>
      <section
        tabIndex={0}
        aria-label={t("traces.view")}
        className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2"
      >
        {view === "attributes" ? (
          <Attributes span={span} />
        ) : (
          <div className="grid grid-cols-[minmax(0,1fr)_260px] max-wide:grid-cols-[minmax(0,1fr)_220px]">
            <Payload
              span={span}
              empty={
                <EmptyState
                  icon={Braces}
                  title={t("traces.nothing")}
                  text={t("traces.nothingText")}
                />
              }
            />
            <div className="border-line border-l px-4 py-3">
              <KeyValue
                rows={[
                  ...facts,
                  [t("traces.lasted"), <Lasted key="lasted" span={span} skew={skew} />],
                ]}
              />
            </div>
          </div>
        )}
      </section>
    </>
  );
}

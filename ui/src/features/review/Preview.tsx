// The item as its network will show it.

import { clsx } from "clsx";
import { FileText } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Callout } from "@/shared/parts/Callout";
import { MarkedText } from "@/shared/parts/MarkedText";
import { PostCard, PostGround } from "@/shared/parts/post/PostCard";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { disclosureOf, goesOut, marksOf, waits } from "./model";

/** What readers will see of the label; null while that is not decided. An edit by a person counts as assisted. */
function useLabel(card: Wire<"ReviewCard">, edited: boolean): string | null {
  const { t } = useTranslation();
  if (!card.preview?.ai_label) return null;
  const level = disclosureOf(card.artifact.payload);
  if (edited || level === "assisted") return t("review.preview.aiAssisted");
  return t(level === "generated" ? "review.preview.aiGenerated" : "review.preview.aiLabelled");
}

function Unaddressed({ card }: { card: Wire<"ReviewCard"> }) {
  const { t } = useTranslation();
  const { text } = card.review.preview;
  return (
    <>
      <EmptyState
        icon={FileText}
        title={t("review.preview.missing")}
        text={t("review.preview.missingText")}
      />
      <p className="whitespace-pre-wrap rounded-8 border border-line bg-raised p-3 text-15 leading-[25px] text-fg-strong [overflow-wrap:anywhere]">
        <MarkedText text={text} marks={marksOf(card.findings)} />
      </p>
    </>
  );
}

/** Whether readers will see it, do, or never did. */
function seen(card: Wire<"ReviewCard">): "before" | "sent" | "never" {
  if (card.effect?.state === "sent") return "sent";
  const { state } = card.review;
  const denied = state === "rejected" || state === "expired" || state === "withdrawn";
  return denied ? "never" : "before";
}

export interface PreviewProps {
  card: Wire<"ReviewCard">;
  /** The edit that is being written, in place of the draft. */
  edit: string | null;
}

export function Preview({ card, edit }: PreviewProps) {
  const { t } = useTranslation();
  const { preview, review } = card;
  // What was decided stands where it once was only written.
  const out = edit ?? goesOut(card);
  const changed = out.trim() !== review.preview.text.trim();
  const label = useLabel(card, changed);
  const sent = card.effect?.receipt?.received_at;
  const odd = card.outgoing.fields.reduce((sum, field) => sum + field.odd, 0);
  if (!preview) return <Unaddressed card={card} />;
  const network = t(`post.network.${preview.platform}`);
  const chars = changed ? [...out.trim()].length : preview.chars;
  return (
    <>
      <PostGround alert={review.high_attention && waits(review)}>
        <PostCard
          network={preview.platform}
          id={review.agent.id}
          author={preview.author}
          handle={preview.account}
          at={sent ? <RelativeTime at={sent} /> : null}
          label={label}
          text={changed ? out.trim() : preview.text}
          marks={changed ? [] : marksOf(card.findings)}
        />
      </PostGround>
      <p className="flex w-full max-w-[598px] items-center gap-3 self-center text-12 text-fg-muted">
        <span className="clip">{t(`review.preview.asReaders.${seen(card)}`, { network })}</span>
        <span className={clsx("num ml-auto flex-none", chars > preview.max_chars && "text-bad")}>
          {t("review.preview.chars", { chars, max: preview.max_chars })}
        </span>
      </p>
      {chars > preview.max_chars && (
        <Callout tone="bad">
          {t("review.preview.over", { network, max: preview.max_chars })}
        </Callout>
      )}
      {odd > 0 && <Callout tone="warn">{t("review.preview.odd", { count: odd })}</Callout>}
      {preview.ai_label === null && <Callout tone="info">{t("review.preview.noLabel")}</Callout>}
    </>
  );
}

// What waits for this person: alerts first, then the drafts that a person must decide, by their priority.
import { Link } from "@tanstack/react-router";
import { CheckCheck, Inbox, ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { sentences } from "@/shared/format/sentences";
import { Badge } from "@/shared/parts/Badge";
import { buttonClass } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { type Glyph, Icon } from "@/shared/parts/Icon";
import { KeyHint } from "@/shared/parts/Kbd";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { Countdown, RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { TaintChip } from "@/shared/parts/Untrusted";
import { useMay } from "@/shared/session/useMe";

interface RowProps {
  icon: Glyph;
  look: string;
  title: ReactNode;
  text: ReactNode;
  time: ReactNode;
  to: string;
  action: string;
}

function Row({ icon, look, title, text, time, to, action }: RowProps) {
  return (
    <li>
      <Link
        to={to}
        className="group flex min-h-[52px] items-center gap-3 border-line border-b px-3 py-2 hover:bg-hover focus-visible:outline-offset-[-2px]"
      >
        <span aria-hidden className={`grid size-6 flex-none place-items-center rounded-6 ${look}`}>
          <Icon of={icon} size="sm" />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5 font-medium text-fg-strong">{title}</span>
          <span className="flex items-center gap-1.5 text-12 text-fg-muted">{text}</span>
        </span>
        <span className="num flex-none text-12">{time}</span>
        <span className={`${buttonClass("plain", "sm")} min-w-16`}>{action}</span>
      </Link>
    </li>
  );
}

function AlertRow({ alert }: { alert: Wire<"Alert"> }) {
  const { t } = useTranslation();
  return (
    <Row
      icon={ShieldAlert}
      look="bg-bad-soft text-bad"
      title={<span className="clip">{alert.title}</span>}
      text={<span className="clip">{sentences(alert.detail)}</span>}
      time={<RelativeTime at={alert.created_at} className="text-fg-muted" />}
      to={at.incidents}
      action={t("home.look")}
    />
  );
}

function ReviewRow({ review }: { review: Wire<"Review"> }) {
  const { t } = useTranslation();
  const mayDecide = useMay("review_decide");
  return (
    <Row
      icon={Inbox}
      look="bg-warn-soft text-warn"
      title={
        <>
          <span className="clip">
            <HiddenText>{review.preview.text}</HiddenText>
          </span>
          {review.tainted && <TaintChip />}
          {review.state === "escalated" && <Badge tone="warn">{t("home.escalated")}</Badge>}
        </>
      }
      text={
        <>
          <span className="clip">{[review.agent.name, ...review.reasons].join(" · ")}</span>
          {review.rehearsal && <RehearsalBadge />}
        </>
      }
      time={<Countdown until={review.expires_at} />}
      to={at.review(review.id)}
      action={t(mayDecide ? "home.decide" : "home.look")}
    />
  );
}

export interface WaitsProps {
  reviews: readonly Wire<"Review">[];
  alerts: readonly Wire<"Alert">[];
  /** How many reviews are open in all. */
  open: number;
  /** How many of them expire within the hour. */
  due: number;
  count: number;
}

export function Waits({ reviews, alerts, open, due, count }: WaitsProps) {
  const { t } = useTranslation();
  const mayCompose = useMay("campaign_write");
  const mayDecide = useMay("review_decide");
  const mayAcknowledge = useMay("alert_write");
  const empty = reviews.length === 0 && alerts.length === 0;
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          {t(mayDecide || mayAcknowledge ? "home.waitsTitle" : "home.waitsTitleOthers")}
          {count > 0 && <Badge tone="accent">{count}</Badge>}
          {due > 0 && <Badge tone="bad">{t("home.due", { count: due })}</Badge>}
        </span>
      }
      aside={<KeyHint action="goReview" />}
    >
      {empty ? (
        <EmptyState
          icon={CheckCheck}
          title={t("home.waitsEmpty")}
          text={t("home.waitsEmptyText")}
          action={
            mayCompose && (
              <Link to={at.compose()} className={buttonClass("plain", "sm")}>
                {t("home.compose")}
              </Link>
            )
          }
        />
      ) : (
        <ul className="-mb-px">
          {alerts.map((alert) => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
          {reviews.map((review) => (
            <ReviewRow key={review.id} review={review} />
          ))}
        </ul>
      )}
      {open > reviews.length && (
        <Link to={at.review()} className="px-3 py-2 text-12 text-accent-fg hover:underline">
          {t("home.allReviews", { count: open })}
        </Link>
      )}
    </Card>
  );
}

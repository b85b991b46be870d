// The five states beside "ready" that every list and card has. Each says what is so, what that means, and what to do.
import { clsx } from "clsx";
import { CircleX, Gauge, LoaderCircle, WifiOff } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { Button } from "./Button";
import { type Glyph, Icon } from "./Icon";
import { Meter } from "./Meter";
import { sinceTime } from "./OfflineNote";
import { Loading, SkeletonRows } from "./Skeleton";

export interface EmptyStateProps {
  icon: Glyph;
  title: string;
  /** What will fill this place. */
  text: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon, title, text, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-4 py-3 text-center">
      <Icon of={icon} size="lg" className="text-fg-muted" />
      <p className="font-medium text-fg-strong">{title}</p>
      <p className="max-w-80 text-12 text-fg-muted">{text}</p>
      {action && <div className="mt-1">{action}</div>}
    </div>
  );
}

export interface LoadingStateProps {
  rows?: number;
  /** For long work: "Reading 1.2 M rows, 64%". */
  progress?: string;
  onCancel?: () => void;
}

export function LoadingState({ rows = 3, progress, onCancel }: LoadingStateProps) {
  const { t } = useTranslation();
  return (
    <Loading {...(progress ? { label: progress } : {})}>
      <div className="flex flex-col gap-[13px]">
        <SkeletonRows rows={rows} />
        {progress && (
          <div className="flex items-center gap-1.5 text-12 text-fg-muted">
            <Icon of={LoaderCircle} size="sm" className="animate-spin" />
            {progress}
            {onCancel && (
              <Button tone="quiet" size="sm" className="ml-auto" onClick={onCancel}>
                {t("parts.cancel")}
              </Button>
            )}
          </div>
        )}
      </div>
    </Loading>
  );
}

interface NoticeProps {
  icon: Glyph;
  tone: "text-bad" | "text-warn" | "text-info";
  title: string;
  alert?: boolean;
  children: ReactNode;
  foot?: ReactNode;
}

function Notice({ icon, tone, title, alert = false, children, foot }: NoticeProps) {
  return (
    <div {...(alert ? { role: "alert" } : {})} className="flex flex-col gap-[7px]">
      <div className={clsx("flex items-center gap-2", tone)}>
        <Icon of={icon} />
        <b className="font-semibold">{title}</b>
      </div>
      <div className="text-[12.5px] leading-[18px] [overflow-wrap:anywhere]">{children}</div>
      {foot && <div className="flex flex-wrap items-center gap-1.5">{foot}</div>}
    </div>
  );
}

function Code({ children }: { children: string }) {
  return <span className="num ml-auto text-fg-faint">{children}</span>;
}

export interface FailedStateProps {
  title: string;
  /** What failed, and whether anything was sent, paid or changed. */
  children: ReactNode;
  /** What to do about it. */
  actions?: ReactNode;
  code?: string;
}

export function FailedState({ title, children, actions, code }: FailedStateProps) {
  return (
    <Notice
      icon={CircleX}
      tone="text-bad"
      title={title}
      alert
      foot={
        <>
          {actions}
          {code && <Code>{code}</Code>}
        </>
      }
    >
      {children}
    </Notice>
  );
}

export interface OfflineStateProps {
  /** Milliseconds since the epoch. */
  since: number;
  retryAt: number | null;
  /** How long the present wait is in all, for the bar. */
  waitMs: number;
  onTry: () => void;
  /** What is old, what waits, what is off; a general sentence where nothing is said. */
  children?: ReactNode;
}

export function OfflineState({ since, retryAt, waitMs, onTry, children }: OfflineStateProps) {
  const { t } = useTranslation();
  const now = useNow(SECOND_MS);
  const left = retryAt === null ? 0 : Math.max(0, retryAt - now);
  const next = t("parts.state.nextTry", { seconds: Math.ceil(left / SECOND_MS) });
  return (
    <Notice
      icon={WifiOff}
      tone="text-warn"
      title={t("parts.state.offlineTitle", { time: sinceTime(since) })}
      foot={
        <div className="flex w-full items-center gap-1.5 text-12 text-fg-muted">
          {retryAt !== null && (
            <>
              <span className="tnum">{next}</span>
              <Meter
                share={waitMs > 0 ? 1 - left / waitMs : 1}
                label={next}
                tone="warn"
                className="min-w-8 max-w-64 flex-1"
              />
            </>
          )}
          <Button size="sm" className="ml-auto" onClick={onTry}>
            {t("parts.state.tryNow")}
          </Button>
        </div>
      }
    >
      {children ?? t("parts.state.offlineText")}
    </Notice>
  );
}

export interface DegradedStateProps {
  title: string;
  /** Which numbers are estimates, from what, and how old. */
  children: ReactNode;
  action?: ReactNode;
  code?: string;
}

export function DegradedState({ title, children, action, code }: DegradedStateProps) {
  return (
    <Notice
      icon={Gauge}
      tone="text-info"
      title={title}
      foot={
        <>
          {action}
          {code && <Code>{code}</Code>}
        </>
      }
    >
      {children}
    </Notice>
  );
}

// Stands around what comes from the backend and shows the state that it is in. What is here stays on screen when a
// later read fails: old is better than nothing, and the frame says that the line is down.
import { Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { type ReactNode, useContext } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError, UNREACHABLE } from "@/ipc/errors";
import { reconnect, useLive } from "@/ipc/live";
import { at } from "@/shared/addresses";
import { Button, buttonClass } from "./Button";
import { OfflineSaid } from "./OfflineNote";
import { EmptyState, FailedState, LoadingState, OfflineState } from "./States";

/** The code of an address that leads to nothing. */
const NOT_FOUND = "NOT_FOUND";

/** Below a room that says that the line is down. */
function NotHereYet() {
  const { t } = useTranslation();
  return <p className="text-12 text-fg-muted">{t("parts.state.offlineNothing")}</p>;
}

/** Nothing of that name, or of another workspace: both look alike, and neither says which. */
function NotHere() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={SearchX}
      title={t("parts.state.notHere")}
      text={t("parts.state.notHereText")}
      action={
        <Link to={at.home as string} className={buttonClass("plain", "sm")}>
          {t("parts.state.toHome")}
        </Link>
      }
    />
  );
}

/** What a read's failure looks like, wherever there is nothing older to show. */
export function ReadFailed({ error, title, onRetry }: ReadFailedProps) {
  const { t } = useTranslation();
  const connection = useLive((live) => live.connection);
  const said = useContext(OfflineSaid);
  const retry = () => {
    reconnect();
    onRetry();
  };
  if (error.code === UNREACHABLE && connection.state === "offline") {
    if (said) return <NotHereYet />;
    const { since, retryAt, waitMs } = connection;
    return (
      <OfflineState since={since} retryAt={retryAt} waitMs={waitMs} onTry={retry}>
        {t("parts.state.offlineNothing")}
      </OfflineState>
    );
  }
  if (error.code === NOT_FOUND) return <NotHere />;
  return (
    <FailedState
      title={title}
      code={error.code}
      actions={
        <Button size="sm" onClick={retry}>
          {t("parts.tryAgain")}
        </Button>
      }
    >
      {error.message} {error.hint}
    </FailedState>
  );
}

export interface ReadFailedProps {
  error: ApiError;
  title: string;
  onRetry: () => void;
}

/** The part of a query's result that matters here; every hook of `hooks` gives one. */
export interface Awaited<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

export interface AwaitProps<T> {
  query: Awaited<T>;
  /** What could not be read, as a title: "The queue could not be read". */
  failed: string;
  /** Rows of the skeleton. */
  rows?: number;
  /** Around the states that are not ready: padding, mostly. */
  className?: string;
  children: (data: T) => ReactNode;
}

export function Await<T>({ query, failed, rows = 3, className = "p-3", children }: AwaitProps<T>) {
  const { data, error, refetch } = query;
  const offline = useLive((live) => live.connection.state === "offline");
  const said = useContext(OfflineSaid);
  if (data !== undefined) return children(data);
  return (
    <div className={className}>
      {error ? (
        <ReadFailed error={asApiError(error)} title={failed} onRetry={() => void refetch()} />
      ) : offline && said ? (
        // Nothing is on its way while the line is down: no skeleton that promises it.
        <NotHereYet />
      ) : (
        <LoadingState rows={rows} />
      )}
    </div>
  );
}

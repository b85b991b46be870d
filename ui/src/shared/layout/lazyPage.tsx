// A page that is loaded when it is first gone to. Should that fail, the rest of the console stays: one can try again,
// or reload, which helps when the server was renewed meanwhile and has no such file any more.
import { type ComponentType, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/parts/Button";
import { FailedState, LoadingState } from "@/shared/parts/States";

export interface LazyPage {
  (): React.ReactNode;
  /** Loads it ahead. Never rejects: what is missing is told when somebody goes there. */
  preload: () => Promise<void>;
}

function NotLoaded({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="m-auto max-w-96 p-4">
      <FailedState
        title={t("parts.state.notLoadedTitle")}
        actions={
          <>
            <Button size="sm" onClick={onRetry}>
              {t("parts.tryAgain")}
            </Button>
            <Button size="sm" tone="quiet" onClick={() => window.location.reload()}>
              {t("parts.state.reload")}
            </Button>
          </>
        }
      >
        {t("parts.state.notLoadedText")}
      </FailedState>
    </div>
  );
}

export function lazyPage(load: () => Promise<{ Page: ComponentType }>): LazyPage {
  let Loaded: ComponentType | null = null;
  const bring = async () => {
    if (Loaded === null) Loaded = (await load()).Page;
  };

  const Lazy = () => {
    const [attempt, setAttempt] = useState(0);
    const [state, setState] = useState<"loading" | "failed" | "here">(Loaded ? "here" : "loading");
    // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt loads anew
    useEffect(() => {
      let wanted = true;
      bring().then(
        () => wanted && setState("here"),
        () => wanted && setState("failed"),
      );
      return () => {
        wanted = false;
      };
    }, [attempt]);
    if (Loaded) return <Loaded />;
    if (state !== "failed") {
      return (
        <div className="p-4">
          <LoadingState />
        </div>
      );
    }
    const retry = () => {
      setState("loading");
      setAttempt(attempt + 1);
    };
    return <NotLoaded onRetry={retry} />;
  };
  return Object.assign(Lazy, { preload: () => bring().catch(() => {}) });
}

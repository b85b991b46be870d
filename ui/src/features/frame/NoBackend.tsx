// The page is here and the backend is not: says so, and goes on trying.
import { useTranslation } from "react-i18next";
import type { ApiError } from "@/ipc/errors";
import { ReadFailed } from "@/shared/parts/Await";
import { Mark } from "@/shared/parts/Mark";

/** The window's own answer where what is behind it could not be opened. */
const NOT_STARTED = "NOT_STARTED";

export function NoBackend({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <main className="grid h-full place-items-center bg-frame">
      <div className="flex w-80 flex-col gap-4">
        <Mark size={40} />
        <h1 className="sr-only">{t("frame.product")}</h1>
        <ReadFailed
          error={error}
          title={t(error.code === NOT_STARTED ? "frame.notStarted" : "frame.noBackend")}
          onRetry={onRetry}
        />
      </div>
    </main>
  );
}

// What stands in the room when nothing waits: what was decided today, and where to see it and what left.
import { Link } from "@tanstack/react-router";
import { CircleCheckBig, Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Button, buttonClass } from "@/shared/parts/Button";
import { EmptyState } from "@/shared/parts/States";
import { useMay } from "@/shared/session/useMe";
import { useDecided } from "./useQueue";

const TOLD = ["approved", "edited", "rejected", "expired"] as const;

/** "3 approved, 1 edited", without what did not happen. */
function useTally(rows: readonly Wire<"Review">[]): string {
  const { t } = useTranslation();
  return TOLD.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count > 0 ? [t(`review.cleared.${state}`, { count })] : [];
  }).join(", ");
}

export function Cleared({ onDecided }: { onDecided: () => void }) {
  const { t } = useTranslation();
  const { rows, complete } = useDecided(true);
  const tally = useTally(rows);
  const mayRead = useMay("content_read");
  if (rows.length === 0) {
    return (
      <EmptyState icon={Inbox} title={t("review.empty.item")} text={t("review.empty.itemNone")} />
    );
  }
  return (
    <EmptyState
      icon={CircleCheckBig}
      title={t("review.cleared.title")}
      text={t(complete ? "review.cleared.text" : "review.cleared.textPart", { tally })}
      action={
        <span className="flex gap-1.5">
          <Button size="sm" onClick={onDecided}>
            {t("review.cleared.decided")}
          </Button>
          {mayRead && (
            <Link to={at.content as string} className={buttonClass("plain", "sm")}>
              {t("review.cleared.content")}
            </Link>
          )}
        </span>
      }
    />
  );
}

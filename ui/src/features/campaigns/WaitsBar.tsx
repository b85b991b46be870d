// Above the progress: drafts of this campaign that nobody has decided yet, with the way to them.
import { Link } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { buttonClass } from "@/shared/parts/Button";
import { Icon } from "@/shared/parts/Icon";
import { useMay } from "@/shared/session/useMe";

export function WaitsBar({ tasks }: { tasks: readonly Wire<"Task">[] }) {
  const { t } = useTranslation();
  const may = useMay("review_read");
  const waiting = tasks.filter(({ state, review }) => state === "reviewing" && review !== null);
  const [first] = waiting;
  if (!first) return null;
  return (
    <p
      role="status"
      className="flex flex-none items-center gap-2 border-warn-line border-b bg-warn-soft px-4 py-1.5 text-warn"
    >
      <Icon of={Inbox} size="sm" />
      {t("campaigns.page.waiting", { count: waiting.length })}
      {may && (
        <Link
          to={at.review(first.review ?? undefined) as string}
          className={`${buttonClass("plain", "sm")} ml-auto`}
        >
          {t("campaigns.page.decide")}
        </Link>
      )}
    </p>
  );
}

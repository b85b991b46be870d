// How a chosen feed stands: being read, read, or why it could not be read, with the way to try it once more.
import { CircleCheck, RefreshCw, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { IconButton } from "@/shared/parts/IconButton";
import type { FeedState } from "./useFeedTests";

export function FeedMark({ state: { url, found, reading, again } }: { state: FeedState }) {
  const { t } = useTranslation();
  if (reading) {
    return (
      <span role="status" className="flex-none text-12 text-fg-muted">
        {t("campaigns.compose.testing")}
      </span>
    );
  }
  if (!found) return null;
  if (found.ok) {
    return (
      <Icon
        of={CircleCheck}
        size="sm"
        className="flex-none text-ok"
        label={t("campaigns.feed.reads")}
      />
    );
  }
  return (
    <span role="status" className="flex min-w-0 items-center gap-1.5 text-12 text-warn">
      <Icon of={TriangleAlert} size="sm" className="flex-none" />
      <span className="[overflow-wrap:anywhere]">
        {t("campaigns.feed.unread")} <HiddenText>{found.problem ?? ""}</HiddenText>
      </span>
      <IconButton
        size="sm"
        icon={RefreshCw}
        label={t("campaigns.feed.again", { feed: url })}
        onClick={again}
      />
    </span>
  );
}

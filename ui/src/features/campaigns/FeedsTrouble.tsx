// Above a plan: feeds of the campaign that could not be read just now. It may still be started.
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { HiddenText } from "@/shared/parts/HiddenText";
import { type FeedState, unreadable } from "./useFeedTests";

export function FeedsTrouble({ feeds }: { feeds: readonly FeedState[] }) {
  const { t } = useTranslation();
  const bad = unreadable(feeds);
  if (bad.length === 0) return null;
  const none = bad.length === feeds.length;
  return (
    <div role="alert" className="flex-none border-line border-b px-4 py-2">
      <Callout
        tone="warn"
        actions={
          <Button
            size="sm"
            busy={bad.some(({ reading }) => reading)}
            onClick={() => bad.forEach(({ again }) => void again())}
          >
            {t("campaigns.feed.tryAgain")}
          </Button>
        }
      >
        <b className="font-semibold">
          {none
            ? t("campaigns.feed.noneReads")
            : t("campaigns.feed.someUnread", { count: bad.length, all: feeds.length })}
        </b>{" "}
        {t(none ? "campaigns.feed.noneText" : "campaigns.feed.someText")}
        <ul className="mt-1 flex list-disc flex-col gap-0.5 pl-4">
          {bad.map(({ url, found }) => (
            <li key={url}>
              <span className="num">{url}</span>
              {": "}
              <HiddenText>{found?.problem ?? ""}</HiddenText>
            </li>
          ))}
        </ul>
      </Callout>
    </div>
  );
}

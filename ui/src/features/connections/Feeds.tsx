// Connected feeds: try one, add one, take one away.
import { Plus, Rss, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { FeedTry } from "@/shared/connect/FeedTry";
import { Await } from "@/shared/parts/Await";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { HiddenText } from "@/shared/parts/HiddenText";
import { IconButton } from "@/shared/parts/IconButton";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";
import { AddFeed } from "./AddFeed";

function Row({ feed, onRemove }: { feed: Wire<"Feed">; onRemove: (() => void) | null }) {
  const { t } = useTranslation();
  const mayTest = useMay("campaign_write");
  const test = hooks.useMutation("post", "/api/v1/connections/feeds/test", {
    onError: sayFailed(t("connect.failedToTest")),
  });
  return (
    <li className="flex flex-col gap-2 border-line border-b px-3 py-2 last:border-b-0">
      <div className="flex items-center gap-2.5">
        <div className="min-w-0 flex-1">
          <b className="clip block font-medium text-fg-strong">
            <HiddenText>{feed.title}</HiddenText>
          </b>
          <span className="num clip block text-11 text-fg-muted" title={feed.url}>
            {feed.url}
          </span>
        </div>
        <span className="flex-none text-12 text-fg-muted">
          {t("connections.addedAt")} <RelativeTime at={feed.added_at} />
        </span>
        {mayTest && (
          <Button
            size="sm"
            busy={test.isPending}
            onClick={() => test.mutate({ body: { url: feed.url } })}
          >
            {t(test.isPending ? "connect.feed.reading" : "connections.test")}
          </Button>
        )}
        {onRemove && (
          <IconButton icon={Trash2} size="sm" label={t("connections.remove")} onClick={onRemove} />
        )}
      </div>
      {test.data && <FeedTry found={test.data} />}
    </li>
  );
}

function List({ feeds }: { feeds: readonly Wire<"Feed">[] }) {
  const { t } = useTranslation();
  const mayChange = useMay("connection_write");
  const [going, setGoing] = useState<Wire<"Feed"> | null>(null);
  const remove = hooks.useMutation("delete", "/api/v1/connections/feeds/{feed}", {
    onError: sayFailed(t("connections.removeFailed")),
    onSettled: () => setGoing(null),
  });
  if (feeds.length === 0) {
    return (
      <EmptyState
        icon={Rss}
        title={t("connections.feedsEmpty")}
        text={t("connections.feedsEmptyText")}
      />
    );
  }
  return (
    <>
      <ul>
        {feeds.map((feed) => (
          <Row key={feed.id} feed={feed} onRemove={mayChange ? () => setGoing(feed) : null} />
        ))}
      </ul>
      <ConfirmDialog
        open={going !== null}
        onClose={() => setGoing(null)}
        onConfirm={() => going && remove.mutate({ params: { path: { feed: going.id } } })}
        title={t("connections.removeTitle", { title: going?.title ?? "" })}
        confirm={t("connections.remove")}
        busy={remove.isPending}
      >
        {t("connections.removeText")}
      </ConfirmDialog>
    </>
  );
}

export function Feeds() {
  const { t } = useTranslation();
  const mayChange = useMay("connection_write");
  const [adding, setAdding] = useState(false);
  const query = hooks.useQuery("get", "/api/v1/connections/feeds");
  return (
    <Card
      title={t("connections.feeds")}
      aside={
        mayChange && (
          <Button size="sm" icon={Plus} onClick={() => setAdding(true)}>
            {t("connections.addFeed")}
          </Button>
        )
      }
    >
      <Await query={query} failed={t("connections.feedsFailed")}>
        {({ items }) => <List feeds={items} />}
      </Await>
      {adding && <AddFeed onClose={() => setAdding(false)} />}
    </Card>
  );
}

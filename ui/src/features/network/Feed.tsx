// The posts of everybody or of one account, as a reader scrolls through them.
import { Link, useRouter } from "@tanstack/react-router";
import { Newspaper } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { useKey } from "@/shared/keys/useKey";
import { Await } from "@/shared/parts/Await";
import { buttonClass } from "@/shared/parts/Button";
import { atName } from "@/shared/parts/post/PostCard";
import { EmptyState } from "@/shared/parts/States";
import { VirtualList } from "@/shared/parts/VirtualList";
import { NetworkPost } from "./NetworkPost";
import type { useFeed } from "./useNetwork";

const POST_PX = 190;

export interface FeedProps {
  feed: ReturnType<typeof useFeed>;
  names: ReadonlyMap<string, string>;
  /** Only posts of this account. */
  handle: string | null;
}

function Nothing({ handle }: { handle: string | null }) {
  const { t } = useTranslation();
  if (handle !== null) {
    return (
      <EmptyState
        icon={Newspaper}
        title={t("network.empty.from", { handle: atName(handle) })}
        text={t("network.empty.fromText")}
      />
    );
  }
  return (
    <EmptyState
      icon={Newspaper}
      title={t("network.empty.title")}
      text={t("network.empty.text")}
      action={
        <Link to={at.review() as string} className={buttonClass("plain", "sm")}>
          {t("network.empty.review")}
        </Link>
      }
    />
  );
}

export function Feed({ feed, names, handle }: FeedProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const posts = feed.data?.pages.flatMap(({ items }) => items) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const index = posts.findIndex(({ post_id }) => post_id === chosen);
  const move = (step: number) => {
    const next = posts[Math.min(posts.length - 1, Math.max(0, index + step))];
    setChosen(next?.post_id ?? null);
  };
  useKey("next", () => move(1));
  useKey("previous", () => move(-1));
  useKey("open", () => chosen !== null && router.history.push(at.network(chosen)));
  const more = () => {
    if (feed.hasNextPage && !feed.isFetchingNextPage) void feed.fetchNextPage();
  };
  return (
    <Await query={feed} failed={t("network.failed")} rows={5} className="p-4">
      {() =>
        posts.length === 0 ? (
          <div className="m-auto">
            <Nothing handle={handle} />
          </div>
        ) : (
          <VirtualList
            key={handle}
            items={posts}
            keyOf={({ post_id }) => post_id}
            row={(post) => (
              <NetworkPost
                post={post}
                name={names.get(post.agent_id)}
                selected={post.post_id === chosen}
              />
            )}
            rowHeight={POST_PX}
            label={t("network.feed")}
            showIndex={index}
            onNearEnd={more}
            className="flex-1"
          />
        )
      }
    </Await>
  );
}

// One post and what was answered to it.
import { Link } from "@tanstack/react-router";
import { ArrowLeft, MessageCircle } from "lucide-react";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { Await } from "@/shared/parts/Await";
import { Icon } from "@/shared/parts/Icon";
import { EmptyState } from "@/shared/parts/States";
import { NetworkPost } from "./NetworkPost";
import { useThread } from "./useNetwork";

export interface ThreadProps {
  post: string;
  names: ReadonlyMap<string, string>;
}

export function Thread({ post, names }: ThreadProps) {
  const { t } = useTranslation();
  const query = useThread(post);
  return (
    <>
      <Link
        to={at.network() as string}
        className="flex h-9 flex-none items-center gap-1.5 border-x-line border-b px-3.5 text-12 text-x-muted hover:text-x-fg"
      >
        <Icon of={ArrowLeft} size="sm" />
        {t("network.back")}
      </Link>
      <Await query={query} failed={t("network.failed")} rows={3} className="p-4">
        {({ post: first, replies }) => (
          <div className="min-h-0 flex-1 overflow-auto">
            <NetworkPost
              post={first}
              name={names.get(first.agent_id)}
              joined={replies.length > 0}
            />
            <h2 className="border-x-line border-b px-3.5 py-2 font-semibold text-12 text-x-muted">
              {t("network.replies", { count: replies.length })}
            </h2>
            {replies.length === 0 && (
              <EmptyState
                icon={MessageCircle}
                title={t("network.empty.thread")}
                text={t("network.empty.threadText")}
              />
            )}
            {replies.map((reply, index) => (
              <NetworkPost
                key={reply.post_id}
                post={reply}
                name={names.get(reply.agent_id)}
                joined={index < replies.length - 1}
              />
            ))}
          </div>
        )}
      </Await>
    </>
  );
}

// One post of the sandbox network, in the name of the persona behind its account.
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { CornerDownRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Icon } from "@/shared/parts/Icon";
import { PostCard } from "@/shared/parts/post/PostCard";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { Figures } from "./Figures";

export interface NetworkPostProps {
  post: Wire<"SandboxPost">;
  /** The persona's name, where the agent is known. */
  name: string | undefined;
  /** Drawn as joined to the reply below it. */
  joined?: boolean;
  selected?: boolean;
}

export function NetworkPost({ post, name, joined = false, selected = false }: NetworkPostProps) {
  const { t } = useTranslation();
  const above = post.reply_to_id && (
    <Link
      to={at.network(post.reply_to_id) as string}
      className="mb-1 ml-[50px] flex items-center gap-1.5 text-12 text-x-muted leading-4 hover:underline"
    >
      <Icon of={CornerDownRight} size="xs" />
      {t("network.answers")}
    </Link>
  );
  return (
    <div
      className={clsx("border-x-line border-b", selected && "inset-ring-2 inset-ring-accent")}
      aria-current={selected ? "true" : undefined}
    >
      <PostCard
        network="sandbox"
        id={post.agent_id}
        author={name ?? post.display_name ?? post.handle}
        handle={post.handle}
        at={
          <Link
            to={at.network(post.post_id) as string}
            title={t("network.open")}
            className="hover:underline"
          >
            <RelativeTime at={post.published_at} />
          </Link>
        }
        label={post.ai_label}
        rehearsal={post.rehearsal}
        sponsor={post.sponsor}
        text={post.text}
        joined={joined}
        above={above}
        below={<Figures engagement={post.engagement} />}
      />
    </div>
  );
}

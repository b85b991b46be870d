// The sandbox network as its readers see it.
import { Link, useNavigate } from "@tanstack/react-router";
import { HardDrive } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { Room } from "@/shared/layout/Room";
import { Badge } from "@/shared/parts/Badge";
import { Panes } from "@/shared/parts/Panes";
import { About } from "./About";
import { Feed } from "./Feed";
import { Thread } from "./Thread";
import { accountsOf, useFeed, usePersonaNames } from "./useNetwork";

export interface NetworkRoomProps {
  /** The opened post, from the address. */
  post: string | null;
}

export function NetworkRoom({ post }: NetworkRoomProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [handle, setHandle] = useState<string | null>(null);
  const everybody = useFeed(null);
  const feed = useFeed(handle);
  const names = usePersonaNames();
  const accounts = accountsOf(everybody.data?.pages.flatMap(({ items }) => items) ?? []);
  const choose = (next: string | null) => {
    setHandle(next);
    if (post !== null) void navigate({ to: at.network() });
  };
  return (
    <Room
      above={
        <Link to={at.content as string} className="hover:text-fg-strong">
          {t("frame.room.content")}
        </Link>
      }
      title={t("network.title")}
      beside={
        <Badge tone="info" icon={HardDrive}>
          {t("network.local")}
        </Badge>
      }
    >
      <Panes
        id="network"
        right={{
          name: t("network.about"),
          width: 300,
          narrow: 260,
          min: 220,
          max: 420,
          children: <About accounts={accounts} names={names} handle={handle} onHandle={choose} />,
        }}
      >
        <div className="mx-auto flex min-h-0 w-full max-w-[600px] flex-1 flex-col border-x border-x-line bg-x-bg">
          {post === null ? (
            <Feed feed={feed} names={names} handle={handle} />
          ) : (
            <Thread key={post} post={post} names={names} />
          )}
        </div>
      </Panes>
    </Room>
  );
}

// What a campaign published, with the networks' own figures; a figure that a network does not give is not shown.
import { Megaphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { FIGURES_MS, hooks, type Wire } from "@/ipc/api";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";

const ROWS = 200;
const FIGURES = ["views", "likes", "comments", "shares"] as const;
const TONES = { scheduled: "info", published: "ok", failed: "bad" } as const;

function Figures({ engagement }: { engagement: Wire<"Engagement"> | null }) {
  const { t } = useTranslation();
  const known = FIGURES.flatMap((name) => {
    const count = engagement?.[name];
    if (count === null || count === undefined) return [];
    return [t(`campaigns.page.figure.${name}`, { figure: formatCount(count, formatLocale()) })];
  });
  return known.length > 0 ? known.join(", ") : t("campaigns.page.noFigures");
}

export function PostsList({ campaign }: { campaign: string }) {
  const { t } = useTranslation();
  const posts = hooks.useQuery(
    "get",
    "/api/v1/campaigns/{campaign}/publications",
    { params: { path: { campaign }, query: { limit: ROWS } } },
    { refetchInterval: FIGURES_MS },
  );
  return (
    <Await query={posts} failed={t("campaigns.page.postsFailed")} className="p-4">
      {({ items, next }) =>
        items.length === 0 ? (
          <EmptyState
            icon={Megaphone}
            title={t("campaigns.page.noPosts")}
            text={t("campaigns.page.noPostsText")}
          />
        ) : (
          <ul>
            {items.map((post) => {
              const at = post.published_at ?? post.scheduled_at;
              return (
                <li key={post.id} className="border-line border-b px-4 py-2">
                  <p className="text-fg-strong [overflow-wrap:anywhere]">
                    <HiddenText>{post.description}</HiddenText>
                  </p>
                  <p className="mt-1 flex flex-wrap items-center gap-2 text-12 text-fg-muted">
                    <Badge tone={TONES[post.status]}>
                      {t(`campaigns.page.publication.${post.status}`)}
                    </Badge>
                    {post.rehearsal && <RehearsalBadge />}
                    {t(`post.network.${post.platform}`)}
                    {at && <RelativeTime at={at} />}
                    <span className="tnum">
                      <Figures engagement={post.engagement} />
                    </span>
                    {post.engagement_simulated && (
                      <Badge tone="outline">{t("post.simulated")}</Badge>
                    )}
                  </p>
                </li>
              );
            })}
            {next !== null && (
              <li className="px-4 py-2 text-12 text-fg-muted">
                {t("campaigns.page.moreRows", { count: ROWS })}
              </li>
            )}
          </ul>
        )
      }
    </Await>
  );
}

// The columns of publications. A figure that a network does not give is a dash, never a zero.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import type { Column } from "@/shared/parts/DataTable";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { RelativeTime } from "@/shared/parts/RelativeTime";

type Publication = Wire<"Publication">;

const TONES: Record<Wire<"PublicationStatus">, BadgeTone> = {
  scheduled: "info",
  published: "ok",
  failed: "bad",
};

function Words({ publication }: { publication: Publication }) {
  const words = <HiddenText>{publication.description || publication.title}</HiddenText>;
  const { platform, post_id } = publication;
  if (platform !== "sandbox" || post_id === null) return words;
  return (
    <Link to={at.network(post_id)} className="text-fg-strong hover:underline">
      {words}
    </Link>
  );
}

export function useColumns(): readonly Column<Publication>[] {
  const { t } = useTranslation();
  const figure = (name: "views" | "likes" | "comments"): Column<Publication> => ({
    id: name,
    header: t(`content.column.${name}`),
    width: "68px",
    align: "end",
    sortBy: ({ engagement }) => engagement?.[name] ?? -1,
    cell: ({ engagement }) => {
      const value = engagement?.[name] ?? null;
      if (value !== null) return <span className="tnum">{formatCount(value, formatLocale())}</span>;
      return (
        <span className="text-fg-faint" title={t("content.noFigureText")}>
          {t("content.noFigure")}
        </span>
      );
    },
  });
  const when = (row: Publication) => row.published_at ?? row.scheduled_at ?? "";
  return [
    {
      id: "when",
      header: t("content.column.when"),
      width: "100px",
      sortBy: when,
      cell: (row) => when(row) && <RelativeTime at={when(row)} className="text-fg-muted" />,
    },
    {
      id: "agent",
      header: t("content.column.agent"),
      width: "136px",
      sortBy: ({ agent }) => agent.name,
      cell: ({ agent }) => (
        <span className="flex items-center gap-2">
          <AgentAvatar id={agent.id} name={agent.name} />
          <span className="clip">{agent.name}</span>
        </span>
      ),
    },
    {
      id: "text",
      header: t("content.column.text"),
      width: "minmax(0,1fr)",
      cell: (row) => <Words publication={row} />,
    },
    {
      id: "where",
      header: t("content.column.where"),
      width: "84px",
      sortBy: ({ platform }) => platform,
      cell: ({ platform }) => t(`post.network.${platform}`),
    },
    {
      id: "status",
      header: t("content.column.status"),
      width: "208px",
      sortBy: ({ status }) => status,
      cell: ({ status, rehearsal }) => (
        <span className="flex items-center gap-2">
          <Badge tone={TONES[status]}>{t(`content.status.${status}`)}</Badge>
          {rehearsal && <RehearsalBadge />}
        </span>
      ),
    },
    figure("views"),
    figure("likes"),
    figure("comments"),
  ];
}

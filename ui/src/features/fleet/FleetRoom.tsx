// All agents and what each is doing.
import { Link, useNavigate } from "@tanstack/react-router";
import { Bot } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Room } from "@/shared/layout/Room";
import { AgentState } from "@/shared/parts/AgentState";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button, buttonClass } from "@/shared/parts/Button";
import { type Column, DataTable, type SortingState } from "@/shared/parts/DataTable";
import { KeyHint } from "@/shared/parts/Kbd";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { AgentActs } from "./AgentActs";

type Agent = Wire<"Agent">;
const PAGE_ROWS = 200;

function useColumns(): readonly Column<Agent>[] {
  const { t } = useTranslation();
  return [
    {
      id: "agent",
      header: t("fleet.column.agent"),
      width: "minmax(180px,1fr)",
      sortBy: ({ name }) => name,
      cell: ({ id, name, role }) => (
        <span className="flex min-w-0 items-center gap-2">
          <AgentAvatar id={id} name={name} />
          <Link
            to={at.persona(id)}
            className="clip max-w-[70%] flex-none font-medium text-fg-strong hover:underline"
            title={name}
          >
            {name}
          </Link>
          <span className="clip text-12 text-fg-muted">{role}</span>
        </span>
      ),
    },
    {
      id: "activity",
      header: t("fleet.column.activity"),
      width: "150px",
      sortBy: ({ activity }) => activity,
      cell: ({ activity, control }) => (
        <span className="flex items-center gap-1.5">
          <AgentState state={activity} />
          {control !== "running" && <Badge tone="warn">{t(`fleet.control.${control}`)}</Badge>}
        </span>
      ),
    },
    {
      id: "work",
      header: t("fleet.column.work"),
      width: "minmax(180px,1.4fr)",
      cell: ({ current }) => {
        const [task] = current;
        if (!task) return <span className="text-fg-faint">{t("fleet.idle")}</span>;
        return (
          <Link to={at.campaign(task.campaign)} className="hover:underline">
            {task.title} <RelativeTime at={task.since} className="text-12 text-fg-muted" />
          </Link>
        );
      },
    },
    {
      id: "open",
      header: t("fleet.column.open"),
      width: "100px",
      align: "end",
      sortBy: ({ open_tasks }) => open_tasks,
      cell: ({ open_tasks }) => <span className="tnum">{open_tasks}</span>,
    },
    {
      id: "persona",
      header: t("fleet.column.persona"),
      width: "80px",
      align: "end",
      cell: ({ persona_version }) => (
        <span className="num">{t("fleet.version", { number: persona_version })}</span>
      ),
    },
    {
      id: "since",
      header: t("fleet.column.since"),
      width: "120px",
      align: "end",
      sortBy: ({ created_at }) => created_at,
      cell: ({ created_at }) => <RelativeTime at={created_at} className="text-fg-muted" />,
    },
    {
      id: "acts",
      header: t("fleet.column.acts"),
      width: "60px",
      align: "end",
      cell: (agent) => <AgentActs agent={agent} />,
    },
  ];
}

export function FleetRoom() {
  const { t } = useTranslation();
  const [sorting, setSorting] = useState<SortingState>([]);
  const [selected, setSelected] = useState<string>();
  const navigate = useNavigate();
  const columns = useColumns();
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/swarm/agents",
    { params: { query: { limit: PAGE_ROWS } } },
    PAGED,
  );
  const agents = query.data?.pages.flatMap(({ items }) => items);
  return (
    <Room
      title={t("frame.room.fleet")}
      aside={
        <>
          <span className="flex gap-1">
            <KeyHint action="next" />
            <KeyHint action="previous" />
            <KeyHint action="open" />
          </span>
          {query.hasNextPage && (
            <Button
              size="sm"
              busy={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t("fleet.more")}
            </Button>
          )}
        </>
      }
    >
      <Await query={{ ...query, data: agents }} failed={t("fleet.failed")} rows={8}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="m-auto">
              <EmptyState
                icon={Bot}
                title={t("fleet.empty")}
                text={t("fleet.emptyText")}
                action={
                  <Link to={at.persona("new")} className={buttonClass("primary", "sm")}>
                    {t("fleet.writePersona")}
                  </Link>
                }
              />
            </div>
          ) : (
            <DataTable
              className="flex-1"
              label={t("fleet.list")}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              sorting={sorting}
              onSort={setSorting}
              selected={selected}
              onSelect={({ id }) => setSelected(id)}
              onOpen={({ id }) => void navigate({ to: at.persona(id) as string })}
            />
          )
        }
      </Await>
    </Room>
  );
}

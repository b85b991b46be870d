// What went out and is about to, with the figures that networks give.
import { Link } from "@tanstack/react-router";
import { Library, MessagesSquare } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FIGURES_MS, hooks, PAGED } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { Button, buttonClass } from "@/shared/parts/Button";
import { DataTable, type SortingState } from "@/shared/parts/DataTable";
import { Icon } from "@/shared/parts/Icon";
import { EmptyState } from "@/shared/parts/States";
import { useColumns } from "./useColumns";

const PAGE_ROWS = 100;

export function ContentRoom() {
  const { t } = useTranslation();
  const [sorting, setSorting] = useState<SortingState>([]);
  const columns = useColumns();
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/publications",
    { params: { query: { limit: PAGE_ROWS } } },
    { ...PAGED, refetchInterval: FIGURES_MS },
  );
  const rows = query.data?.pages.flatMap(({ items }) => items);
  return (
    <Room
      title={t("frame.room.content")}
      aside={
        <>
          {query.hasNextPage && (
            <Button
              size="sm"
              busy={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t("content.more")}
            </Button>
          )}
          <Link to={at.network()} className={buttonClass("plain", "sm")}>
            <Icon of={MessagesSquare} size="sm" />
            {t("content.network")}
          </Link>
        </>
      }
    >
      <Await query={{ ...query, data: rows }} failed={t("content.failed")} rows={8}>
        {(all) =>
          all.length === 0 ? (
            <div className="m-auto">
              <EmptyState icon={Library} title={t("content.empty")} text={t("content.emptyText")} />
            </div>
          ) : (
            <>
              <DataTable
                className="flex-1"
                label={t("content.list")}
                columns={columns}
                rows={all}
                keyOf={({ id }) => id}
                sorting={sorting}
                onSort={setSorting}
              />
              {all.some(({ platform }) => platform === "sandbox") && (
                <p className="flex-none border-line border-t px-4 py-2 text-12 text-fg-muted">
                  {t("content.simulated")}
                </p>
              )}
            </>
          )
        }
      </Await>
    </Room>
  );
}

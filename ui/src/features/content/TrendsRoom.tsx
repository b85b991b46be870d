// What feeds spoke of when they were last read. Its words are strangers': shown as text, addresses too.
import { Link } from "@tanstack/react-router";
import { Radar } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { Button, buttonClass } from "@/shared/parts/Button";
import { DataTable, type SortingState } from "@/shared/parts/DataTable";
import { EmptyState } from "@/shared/parts/States";
import { useMay } from "@/shared/session/useMe";
import { useTrendColumns } from "./useTrendColumns";

const PAGE_ROWS = 100;
const ROW_PX = 48;

export function TrendsRoom() {
  const { t } = useTranslation();
  const mayWrite = useMay("campaign_write");
  const [sorting, setSorting] = useState<SortingState>([]);
  const [selected, setSelected] = useState<string>();
  const columns = useTrendColumns(mayWrite);
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/trends",
    { params: { query: { limit: PAGE_ROWS } } },
    PAGED,
  );
  const trends = query.data?.pages.flatMap(({ items }) => items);
  return (
    <Room
      title={t("frame.room.trends")}
      aside={
        query.hasNextPage && (
          <Button
            size="sm"
            busy={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("trends.more")}
          </Button>
        )
      }
    >
      <Await query={{ ...query, data: trends }} failed={t("trends.failed")} rows={8}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="m-auto">
              <EmptyState
                icon={Radar}
                title={t("trends.empty")}
                text={t("trends.emptyText")}
                action={
                  mayWrite && (
                    <Link to={at.compose() as string} className={buttonClass("primary", "sm")}>
                      {t("trends.compose")}
                    </Link>
                  )
                }
              />
            </div>
          ) : (
            <>
              <DataTable
                className="flex-1"
                label={t("trends.list")}
                columns={columns}
                rows={rows}
                keyOf={({ id }) => id}
                rowHeight={ROW_PX}
                sorting={sorting}
                onSort={setSorting}
                selected={selected}
                onSelect={({ id }) => setSelected(id)}
              />
              <p className="flex-none border-line border-t px-4 py-2 text-12 text-fg-muted">
                {t("trends.note")}
              </p>
            </>
          )
        }
      </Await>
    </Room>
  );
}

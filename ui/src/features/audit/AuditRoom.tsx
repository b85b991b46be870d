// Who did what, newest first; the opened record with what went in and what came out.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED } from "@/ipc/api";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { Panes } from "@/shared/parts/Panes";
import { Select } from "@/shared/parts/Select";
import { ChainStrip } from "./ChainStrip";
import { KINDS, type Kind, Kinds } from "./kinds";
import { RecordPane } from "./RecordPane";
import { Records } from "./Records";

const PAGE_ROWS = 100;

export function AuditRoom() {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("all");
  const [opened, setOpened] = useState<string | null>(null);
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/audit",
    { params: { query: { limit: PAGE_ROWS, ...Kinds[kind] } } },
    PAGED,
  );
  const records = query.data?.pages.flatMap(({ items }) => items);
  const record = records?.find(({ id }) => id === opened) ?? null;
  return (
    <Room
      title={t("frame.room.audit")}
      aside={
        <Select
          label={t("audit.filter")}
          items={KINDS.map((value) => ({ value, label: t(`audit.kind.${value}`) }))}
          value={kind}
          onChange={setKind}
          className="w-40"
        />
      }
    >
      <ChainStrip />
      <Panes
        id="audit"
        right={{
          name: t("audit.record"),
          width: 420,
          narrow: 340,
          min: 280,
          max: 720,
          children: <RecordPane record={record} />,
        }}
      >
        <Await query={{ ...query, data: records }} failed={t("audit.failed")} rows={8}>
          {(all) => (
            <Records
              records={all}
              filtered={kind !== "all"}
              opened={opened}
              onOpen={setOpened}
              onNearEnd={() => {
                if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
              }}
            />
          )}
        </Await>
      </Panes>
    </Room>
  );
}

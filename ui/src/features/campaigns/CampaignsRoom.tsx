// All campaigns: how each stands and how far it is.
import { Link, useNavigate } from "@tanstack/react-router";
import { Megaphone, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { useKey } from "@/shared/keys/useKey";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { Button, buttonClass } from "@/shared/parts/Button";
import { Icon } from "@/shared/parts/Icon";
import { KeyHint } from "@/shared/parts/Kbd";
import { Segmented } from "@/shared/parts/Segmented";
import { EmptyState } from "@/shared/parts/States";
import { VirtualList } from "@/shared/parts/VirtualList";
import { useMay } from "@/shared/session/useMe";
import { CampaignRow, COLUMNS, placeOf } from "./CampaignRow";

type Status = Wire<"CampaignStatus">;
const STATUSES: readonly Status[] = [
  "ACTIVE",
  "DRAFT",
  "PAUSED",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
];
const ROW_PX = 58;

function NewLink() {
  const { t } = useTranslation();
  return (
    <Link to={at.compose() as string} className={buttonClass("primary")}>
      <Icon of={Plus} />
      {t("campaigns.new")}
    </Link>
  );
}

function Nothing({ filtered, onAll }: { filtered: boolean; onAll: () => void }) {
  const { t } = useTranslation();
  const mayWrite = useMay("campaign_write");
  return (
    <div className="m-auto">
      <EmptyState
        icon={Megaphone}
        title={t(filtered ? "campaigns.emptyStatus" : "campaigns.empty")}
        text={t(filtered ? "campaigns.emptyStatusText" : "campaigns.emptyText")}
        action={
          filtered ? (
            <Button size="sm" onClick={onAll}>
              {t("campaigns.showAll")}
            </Button>
          ) : (
            mayWrite && (
              <Link to={at.compose() as string} className={buttonClass("plain", "sm")}>
                {t("campaigns.new")}
              </Link>
            )
          )
        }
      />
    </div>
  );
}

function Head() {
  const { t } = useTranslation();
  const names = ["campaign", "persona", "progress", "limits", "updated"] as const;
  return (
    <div
      className={`${COLUMNS} h-7 flex-none border-line border-b bg-raised text-11 text-fg-muted`}
    >
      <span className="flex gap-1">
        <KeyHint action="next" />
        <KeyHint action="previous" />
        <KeyHint action="open" />
      </span>
      {names.map((name) => (
        <span key={name} className={name === "updated" ? "text-right" : ""}>
          {t(`campaigns.column.${name}`)}
        </span>
      ))}
    </div>
  );
}

export function CampaignsRoom() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useMay("campaign_write");
  const [status, setStatus] = useState<Status | "all">("all");
  const [selected, setSelected] = useState<string | null>(null);
  const list = hooks.useInfiniteQuery(
    "get",
    "/api/v1/campaigns",
    { params: { query: status === "all" ? {} : { status } } },
    PAGED,
  );
  const rows = list.data?.pages.flatMap((page) => page.items);
  const here = rows?.findIndex(({ id }) => id === selected) ?? -1;
  const step = (by: number) => {
    const next = rows?.[Math.min(rows.length - 1, Math.max(0, here + by))];
    if (!next) return false;
    setSelected(next.id);
    return true;
  };
  useKey("next", () => step(1));
  useKey("previous", () => step(-1));
  useKey("open", () => {
    const row = rows?.[here];
    if (!row) return false;
    void navigate({ to: placeOf(row) as string });
    return true;
  });
  return (
    <Room
      title={t("frame.room.campaigns")}
      beside={
        <Segmented
          label={t("campaigns.filter")}
          value={status}
          onChange={setStatus}
          segments={[
            { value: "all", label: t("campaigns.all") },
            ...STATUSES.map((value) => ({ value, label: t(`campaigns.status.${value}`) })),
          ]}
        />
      }
      aside={mayWrite && <NewLink />}
    >
      <Await
        query={{ ...list, data: rows }}
        failed={t("campaigns.failed")}
        rows={6}
        className="p-4"
      >
        {(all) => (
          <div className="flex min-h-0 flex-1 flex-col">
            {all.length === 0 ? (
              <Nothing filtered={status !== "all"} onAll={() => setStatus("all")} />
            ) : (
              <>
                <Head />
                <VirtualList
                  items={all}
                  keyOf={({ id }) => id}
                  row={(row) => <CampaignRow campaign={row} selected={row.id === selected} />}
                  rowHeight={ROW_PX}
                  label={t("campaigns.list")}
                  showIndex={here}
                  className="flex-1"
                />
              </>
            )}
            {list.hasNextPage && (
              <div className="flex flex-none justify-center border-line border-t p-2.5">
                <Button
                  size="sm"
                  busy={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                >
                  {t("campaigns.more")}
                </Button>
              </div>
            )}
          </div>
        )}
      </Await>
    </Room>
  );
}

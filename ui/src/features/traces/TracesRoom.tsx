// Runs, their spans, what went in and came out.
import { useNavigate } from "@tanstack/react-router";
import { ListTree } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED } from "@/ipc/api";
import { useLive } from "@/ipc/live";
import { at } from "@/shared/addresses";
import { useKey } from "@/shared/keys/useKey";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { Dot } from "@/shared/parts/Dot";
import { Panes } from "@/shared/parts/Panes";
import { EmptyState } from "@/shared/parts/States";
import { runsFound } from "./model";
import { RunPane } from "./RunPane";
import { RunsPane } from "./RunsPane";

export interface TracesRoomProps {
  /** The opened run, from the address. */
  trace: string | null;
  /** The chosen span in it. */
  span: string | null;
}

export function TracesRoom({ trace, span }: TracesRoomProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const live = useLive((line) => line.connection.state === "live");
  const runs = hooks.useInfiniteQuery("get", "/api/v1/traces", {}, PAGED);
  const rows = runs.data?.pages.flatMap((page) => page.items);
  const found = rows ? runsFound(rows, query) : [];
  const step = (by: number) => {
    const here = found.findIndex((run) => run.trace === trace);
    const next = found[Math.min(found.length - 1, Math.max(0, here + by))];
    if (!next) return false;
    void navigate({ to: at.trace(next.trace) as string, replace: true });
    return true;
  };
  useKey("next", () => step(1));
  useKey("previous", () => step(-1));
  // A visit without a run opens the first one: it runs, or is the newest.
  const opened = trace ?? rows?.[0]?.trace ?? null;
  return (
    <Room
      title={t("frame.room.traces")}
      beside={
        live && (
          <span className="flex items-center gap-1.5 text-12 text-ok">
            <Dot tone="text-ok" live />
            {t("traces.live")}
          </span>
        )
      }
    >
      <Panes
        id="traces"
        left={{
          name: t("traces.runs"),
          width: 300,
          narrow: 250,
          min: 220,
          max: 460,
          children: (
            <Await query={{ ...runs, data: rows }} failed={t("traces.failedRuns")} rows={8}>
              {() => (
                <RunsPane
                  found={found}
                  query={query}
                  onQuery={setQuery}
                  trace={opened}
                  lost={runs.data?.pages[0]?.spans_lost ?? 0}
                  more={
                    runs.hasNextPage
                      ? {
                          busy: runs.isFetchingNextPage,
                          load: () => void runs.fetchNextPage(),
                        }
                      : null
                  }
                />
              )}
            </Await>
          ),
        }}
      >
        {opened ? (
          <RunPane key={opened} trace={opened} span={span} />
        ) : (
          <div className="m-auto">
            <EmptyState icon={ListTree} title={t("traces.choose")} text={t("traces.chooseText")} />
          </div>
        )}
      </Panes>
    </Room>
  );
}

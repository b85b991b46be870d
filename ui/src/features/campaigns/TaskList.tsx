// A campaign's steps as rows: state, title, what went wrong.
import { clsx } from "clsx";
import { Route } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { basisPoints } from "@/shared/format/confidence";
import { Badge } from "@/shared/parts/Badge";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { VirtualList } from "@/shared/parts/VirtualList";
import { hasFailed, standsOf, toneOf } from "./drawn";

const ROW_PX = 34;

export interface TaskListProps {
  tasks: readonly Wire<"Task">[];
  selected: string | null;
  onSelect: (id: string) => void;
}

export function TaskList({ tasks, selected, onSelect }: TaskListProps) {
  const { t } = useTranslation();
  if (tasks.length === 0) {
    return (
      <EmptyState
        icon={Route}
        title={t("campaigns.page.noTasks")}
        text={t("campaigns.page.noTasksText")}
      />
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <VirtualList
        items={tasks}
        keyOf={({ id }) => id}
        rowHeight={ROW_PX}
        label={t("campaigns.page.steps")}
        showIndex={tasks.findIndex(({ id }) => id === selected)}
        className="flex-1"
        row={(task) => (
          <button
            type="button"
            aria-pressed={task.id === selected}
            onClick={() => onSelect(task.id)}
            className={clsx(
              "flex h-[34px] w-full items-center gap-3 border-line border-b px-4 text-left hover:bg-hover focus-visible:-outline-offset-2",
              task.id === selected && "bg-selected",
            )}
          >
            <span className="flex w-32 flex-none">
              <Badge tone={toneOf(standsOf(task))}>{t(`campaigns.state.${standsOf(task)}`)}</Badge>
            </span>
            <span
              title={[task.title, task.fault?.message].filter(Boolean).join(" ")}
              className="clip flex-1 text-fg-strong"
            >
              {task.title}
              {task.fault && (
                <span className={`ml-2 text-12 ${hasFailed(task) ? "text-bad" : "text-fg-muted"}`}>
                  {task.fault.message}
                </span>
              )}
              {task.state === "blocked" && (
                <span className="ml-2 text-12 text-fg-muted">
                  {t("campaigns.page.waits", { count: task.waiting_on })}
                </span>
              )}
            </span>
            {task.score !== null && <ConfidenceBadge basisPoints={basisPoints(task.score)} />}
            <RelativeTime at={task.updated_at} className="w-24 text-right text-12 text-fg-muted" />
          </button>
        )}
      />
    </div>
  );
}

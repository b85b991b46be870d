// What an agent remembers: newest first, or what fits a question; and how it is found, in plain words.
import { Brain, SearchX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { FaultWords } from "@/shared/parts/FaultWords";
import { FindField } from "@/shared/parts/FindField";
import { Segmented } from "@/shared/parts/Segmented";
import { EmptyState } from "@/shared/parts/States";
import { useMay } from "@/shared/session/useMe";
import { ForgetMemory } from "./ForgetMemory";
import { MemoryRow } from "./MemoryRow";
import { useSettled } from "./useSettled";

type Memory = Wire<"Memory">;
type Kind = Wire<"MemoryKind">;

const PAGE_ROWS = 50;
const KINDS = ["all", "episodic", "fact", "knowledge"] as const;

interface Part {
  agent: string;
  kind: Kind | null;
  onForget: ((memory: Memory) => void) | null;
}

function FindsBy({ by }: { by: Wire<"FoundBy"> }) {
  const { t } = useTranslation();
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 px-4 py-2 text-12 text-fg-muted">
      <Badge tone={by === "words" ? "outline" : "info"}>{t(`memories.finds.${by}`)}</Badge>
      <span className="min-w-0 flex-1">{t(`memories.findsHint.${by}`)}</span>
    </p>
  );
}

function Rows({ memories, onForget }: { memories: readonly Memory[]; onForget: Part["onForget"] }) {
  const { t } = useTranslation();
  return (
    <ul aria-label={t("memories.label")}>
      {memories.map((memory) => (
        <MemoryRow
          key={memory.id}
          memory={memory}
          onForget={onForget && (() => onForget(memory))}
        />
      ))}
    </ul>
  );
}

function All({ agent, kind, onForget }: Part) {
  const { t } = useTranslation();
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/personas/{agent}/memories",
    { params: { path: { agent }, query: { limit: PAGE_ROWS, ...(kind && { kind }) } } },
    PAGED,
  );
  const first = query.data?.pages[0];
  const memories = query.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      {first && <FindsBy by={first.finds_by} />}
      <Await query={{ ...query, data: memories }} failed={t("memories.failed")} rows={6}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState
              icon={Brain}
              title={t(kind === null ? "memories.empty" : "memories.emptyKind")}
              text={t("memories.emptyText")}
            />
          ) : (
            <Rows memories={all} onForget={onForget} />
          )
        }
      </Await>
      {query.hasNextPage && (
        <Button
          tone="quiet"
          className="m-2"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("memories.more")}
        </Button>
      )}
    </>
  );
}

function Fitting({ agent, kind, onForget, question }: Part & { question: string }) {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/personas/{agent}/memories/search", {
    params: { path: { agent }, query: { query: question, ...(kind && { kind }) } },
  });
  return (
    <Await query={query} failed={t("memories.searchFailed")} rows={6}>
      {({ items, found_by, problem }) => (
        <>
          <FindsBy by={found_by} />
          {problem && (
            <div className="px-4 pb-2">
              <Callout tone="warn">
                {t("memories.notNow")} <FaultWords code={problem.code} message={problem.message} />
              </Callout>
            </div>
          )}
          {items.length === 0 ? (
            <EmptyState
              icon={SearchX}
              title={t("memories.noneFound")}
              text={t(`memories.noneFoundText.${found_by}`)}
            />
          ) : (
            <Rows memories={items} onForget={onForget} />
          )}
        </>
      )}
    </Await>
  );
}

export function Memories({ agent }: { agent: string }) {
  const { t } = useTranslation();
  const may = useMay("persona_write");
  const [typed, setTyped] = useState("");
  const [shown, setShown] = useState<(typeof KINDS)[number]>("all");
  const [going, setGoing] = useState<Memory | null>(null);
  const question = useSettled(typed.trim());
  const part: Part = {
    agent,
    kind: shown === "all" ? null : shown,
    onForget: may ? setGoing : null,
  };
  return (
    <section aria-label={t("memories.view")} className="flex min-h-0 flex-1 flex-col">
      <header className="flex flex-none flex-wrap items-center gap-2 border-line border-b px-4 py-2">
        <FindField
          label={t("memories.search")}
          value={typed}
          onChange={setTyped}
          className="min-w-[180px] flex-1"
        />
        <Segmented
          label={t("memories.kinds")}
          segments={KINDS.map((value) => ({ value, label: t(`memories.kind.${value}`) }))}
          value={shown}
          onChange={setShown}
        />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {question === "" ? <All {...part} /> : <Fitting {...part} question={question} />}
      </div>
      {going && <ForgetMemory agent={agent} memory={going} onClose={() => setGoing(null)} />}
    </section>
  );
}

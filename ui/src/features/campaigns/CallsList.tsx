// What the campaign's model calls cost, line by line: one for each, whatever came of it. A cost that nobody knows is a
// word, never a zero, and what it counts against caps stands beside it.
import { Coins } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { formatCount } from "@/shared/format/count";
import { formatUsd } from "@/shared/format/money";
import { formatLocale } from "@/shared/i18n/locale";
import { Await } from "@/shared/parts/Await";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";

type Call = Wire<"ModelCall">;

const PAGE_ROWS = 100;
const TONES: Record<Wire<"CallOutcome">, BadgeTone> = {
  answered: "ok",
  unusable: "warn",
  refused: "neutral",
  failed: "bad",
  timed_out: "bad",
  cut: "bad",
  stopped: "neutral",
  lost: "neutral",
};

function Tokens({ tokens }: { tokens: Call["tokens"] }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  if (!tokens) return t("campaigns.calls.notTold");
  const { input, cached, output } = tokens;
  const figures = { read: formatCount(input, locale), written: formatCount(output, locale) };
  return cached > 0
    ? t("campaigns.calls.tokensCached", { ...figures, cached: formatCount(cached, locale) })
    : t("campaigns.calls.tokens", figures);
}

function Cost({ call }: { call: Call }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  if (call.cost !== null) return formatUsd(call.cost, locale);
  return (
    <span className="text-warn">
      {t("campaigns.calls.unknown", { counted: formatUsd(call.counted, locale) })}
    </span>
  );
}

function Row({ call, step }: { call: Call; step: string | undefined }) {
  const { t } = useTranslation();
  return (
    <tr className="border-line border-b [&>*]:px-2 [&>*]:py-1.5 [&>*]:align-top">
      <td className="whitespace-nowrap text-fg-muted">
        <RelativeTime at={call.started_at} />
      </td>
      <th scope="row" className="text-left font-medium text-fg-strong">
        {t(`campaigns.calls.role.${call.role}`)}
        {step && <span className="block font-normal text-fg-muted">{step}</span>}
      </th>
      <td>
        <span className="num mr-2 [overflow-wrap:anywhere]">{`${call.provider}/${call.model}`}</span>
        {call.rehearsal && <RehearsalBadge />}
      </td>
      <td>
        <Badge tone={TONES[call.outcome]}>{t(`campaigns.calls.outcome.${call.outcome}`)}</Badge>
        {call.fault && <span className="num block text-11 text-fg-muted">{call.fault}</span>}
      </td>
      <td className="num whitespace-nowrap text-right text-fg-muted">
        <Tokens tokens={call.tokens} />
      </td>
      <td className="num whitespace-nowrap text-right">
        <Cost call={call} />
      </td>
    </tr>
  );
}

export interface CallsListProps {
  campaign: string;
  /** The campaign's steps, for the titles of those that calls were made for. */
  tasks: readonly Pick<Wire<"Task">, "id" | "title">[];
}

export function CallsList({ campaign, tasks }: CallsListProps) {
  const { t } = useTranslation();
  const query = hooks.useInfiniteQuery(
    "get",
    "/api/v1/campaigns/{campaign}/calls",
    { params: { path: { campaign }, query: { limit: PAGE_ROWS } } },
    PAGED,
  );
  const calls = query.data?.pages.flatMap(({ items }) => items);
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const columns = ["when", "role", "model", "outcome", "tokens", "cost"] as const;
  return (
    <Await query={{ ...query, data: calls }} failed={t("campaigns.calls.failed")} className="p-4">
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState
            icon={Coins}
            title={t("campaigns.calls.none")}
            text={t("campaigns.calls.noneText")}
          />
        ) : (
          <>
            <table className="w-full text-12" aria-label={t("campaigns.calls.label")}>
              <thead className="text-fg-muted">
                <tr className="h-7 border-line border-b [&>th]:px-2 [&>th]:font-medium">
                  {columns.map((name) => (
                    <th
                      key={name}
                      scope="col"
                      className={name === "tokens" || name === "cost" ? "text-right" : "text-left"}
                    >
                      {t(`campaigns.calls.column.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((call) => (
                  <Row key={call.id} call={call} step={titles.get(call.task ?? "")} />
                ))}
              </tbody>
            </table>
            {query.hasNextPage && (
              <p className="px-4 py-2">
                <Button
                  size="sm"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t("campaigns.calls.more")}
                </Button>
              </p>
            )}
          </>
        )
      }
    </Await>
  );
}

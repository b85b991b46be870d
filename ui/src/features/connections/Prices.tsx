// What models cost: figures that a person entered, and behind them those that ship. A model without any is not free; what it
// costs is not known.
import { CircleHelp, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { formatUsd } from "@/shared/format/money";
import { formatDay } from "@/shared/format/time";
import { formatLocale } from "@/shared/i18n/locale";
import { Await } from "@/shared/parts/Await";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { EmptyState } from "@/shared/parts/States";
import { useMay } from "@/shared/session/useMe";
import { PricesDialog } from "./PricesDialog";

interface Row extends Wire<"ModelPrice"> {
  /** Where it answers; nothing for a price that holds wherever it does. */
  readonly host?: string;
}

function Table({ label, items }: { label: string; items: readonly Row[] }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  return (
    <table className="w-full text-left text-12 [&_td]:pl-4" aria-label={label}>
      <thead className="text-fg-muted">
        <tr className="h-7 border-line border-b [&_th+th]:pl-4 [&_th]:whitespace-nowrap [&_th]:font-medium">
          <th scope="col">{t("connections.roleModel")}</th>
          <th scope="col" className="text-right">
            {t("connections.priceIn")}
          </th>
          <th scope="col" className="text-right">
            {t("connections.priceCached")}
          </th>
          <th scope="col" className="text-right">
            {t("connections.priceOut")}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr
            key={`${item.host} ${item.model}`}
            className="h-7 border-line border-b last:border-b-0"
          >
            <th scope="row" className="num font-medium text-fg-strong [overflow-wrap:anywhere]">
              {item.model}
              {item.host && <span className="ml-2 font-normal text-fg-muted">{item.host}</span>}
            </th>
            <td className="num text-right">{formatUsd(item.input_per_million, locale)}</td>
            <td className="num text-right text-fg-muted">
              {item.cached_input_per_million
                ? formatUsd(item.cached_input_per_million, locale)
                : t("connections.priceAsIn")}
            </td>
            <td className="num text-right">{formatUsd(item.output_per_million, locale)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The list that ships: dated, and with the place where its figures can be looked up. */
function Shipped({ shipped }: { shipped: Wire<"ShippedPrices"> }) {
  const { t } = useTranslation();
  const count = shipped.items.length;
  if (count === 0) return null;
  const date = formatDay(shipped.as_of, formatLocale());
  return (
    <details className="border-line border-t px-3 py-2 text-12">
      <summary className="cursor-pointer text-fg-strong">
        {t("connections.pricesShipped", { count, date })}
      </summary>
      <p className="py-2 text-fg-muted [overflow-wrap:anywhere]">
        {t("connections.pricesShippedText", { source: shipped.source })}
      </p>
      <Table label={t("connections.pricesShippedTable")} items={shipped.items} />
    </details>
  );
}

/** Models that answer now and are an AI: their prices are asked for first. */
function useAnswering(): readonly string[] {
  const model = hooks.useQuery("get", "/api/v1/connections/model");
  const names = (model.data?.roles ?? []).flatMap((role) => (role.rehearsal ? [] : role.model));
  return [...new Set([...names, ...(model.data?.fallback ? [model.data.fallback.model] : [])])];
}

export function Prices() {
  const { t } = useTranslation();
  const mayChange = useMay("installation");
  const [editing, setEditing] = useState(false);
  const query = hooks.useQuery("get", "/api/v1/prices");
  const answering = useAnswering();
  const prices = query.data;
  return (
    <Card
      title={t("connections.prices")}
      aside={
        mayChange &&
        prices && (
          <Button size="sm" icon={Pencil} onClick={() => setEditing(true)}>
            {t("connections.pricesEdit")}
          </Button>
        )
      }
    >
      <p className="px-3 py-2 text-12 text-fg-muted">{t("connections.pricesText")}</p>
      <Await query={query} failed={t("connections.pricesFailed")}>
        {({ items, shipped }) => (
          <>
            {items.length === 0 ? (
              <EmptyState
                icon={CircleHelp}
                title={t("connections.pricesEmpty")}
                text={t("connections.pricesEmptyText")}
              />
            ) : (
              <div className="px-3 pb-2">
                <Table label={t("connections.prices")} items={items} />
              </div>
            )}
            <Shipped shipped={shipped} />
          </>
        )}
      </Await>
      {editing && prices && (
        <PricesDialog prices={prices} answering={answering} onClose={() => setEditing(false)} />
      )}
    </Card>
  );
}

// What models cost: figures that a person entered. A model without any is not free; what it costs is not known.
import { CircleHelp, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { formatUsd } from "@/shared/format/money";
import { formatLocale } from "@/shared/i18n/locale";
import { Await } from "@/shared/parts/Await";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { EmptyState } from "@/shared/parts/States";
import { useMay } from "@/shared/session/useMe";
import { PricesDialog } from "./PricesDialog";

function Table({ items }: { items: readonly Wire<"ModelPrice">[] }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  return (
    <table className="mx-3 mb-2 text-left text-12" aria-label={t("connections.prices")}>
      <thead className="text-fg-muted">
        <tr className="h-7 border-line border-b [&_th]:font-medium">
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
          <tr key={item.model} className="h-7 border-line border-b last:border-b-0">
            <th scope="row" className="num font-medium text-fg-strong [overflow-wrap:anywhere]">
              {item.model}
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
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              icon={CircleHelp}
              title={t("connections.pricesEmpty")}
              text={t("connections.pricesEmptyText")}
            />
          ) : (
            <Table items={items} />
          )
        }
      </Await>
      {editing && prices && (
        <PricesDialog prices={prices} answering={answering} onClose={() => setEditing(false)} />
      )}
    </Card>
  );
}

// Enters what models cost. The next question is reckoned with it: estimates, what is spent, and every limit.
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { IconButton } from "@/shared/parts/IconButton";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";
import { newPrices, type PriceField, type PriceRow, rowsOf, wrongIn } from "./pricesDraft";

const MODEL_MAX = 200;
const AMOUNT_MAX = 15;

interface RowProps {
  row: PriceRow;
  wrong: PriceField | null;
  onChange: (row: PriceRow) => void;
  onRemove: () => void;
}

function Row({ row, wrong, onChange, onRemove }: RowProps) {
  const { t } = useTranslation();
  const amounts = [
    ["input", t("connections.priceIn")],
    ["cached", t("connections.priceCached")],
    ["output", t("connections.priceOut")],
  ] as const;
  return (
    <li className="flex items-start gap-2">
      <Field
        className="flex-1"
        label={t("connections.roleModel")}
        error={wrong === "model" ? t("connections.priceModelWrong") : undefined}
      >
        <TextInput
          mono
          spellCheck={false}
          maxLength={MODEL_MAX}
          value={row.model}
          onChange={(event) => onChange({ ...row, model: event.target.value })}
        />
      </Field>
      {amounts.map(([field, label]) => (
        <Field
          key={field}
          className="w-28"
          label={label}
          error={wrong === field ? t("connections.priceWrong") : undefined}
        >
          <TextInput
            mono
            prefix="$"
            inputMode="decimal"
            maxLength={AMOUNT_MAX}
            placeholder={field === "cached" ? t("connections.priceAsIn") : undefined}
            value={row[field]}
            onChange={(event) => onChange({ ...row, [field]: event.target.value })}
          />
        </Field>
      ))}
      <IconButton
        className="mt-5"
        icon={Trash2}
        size="sm"
        label={t("connections.priceRemove", { model: row.model })}
        onClick={onRemove}
      />
    </li>
  );
}

export interface PricesDialogProps {
  prices: Wire<"Prices">;
  /** Models that answer now: those without a price have a row to fill. */
  answering: readonly string[];
  onClose: () => void;
}

export function PricesDialog({ prices, answering, onClose }: PricesDialogProps) {
  const { t } = useTranslation();
  // What was read when the dialog opened is what is changed: a change of somebody else meanwhile is refused.
  const [version] = useState(prices.version);
  const [rows, setRows] = useState(() => rowsOf(prices, answering));
  const [looked, setLooked] = useState(false);
  const put = hooks.useMutation("put", "/api/v1/prices");
  const wrong = rows.map((row) => wrongIn(row, rows));
  const save = () => {
    setLooked(true);
    if (put.isPending || wrong.some((field) => field !== null)) return;
    put.mutate(
      { params: { header: ifMatch(version) }, body: newPrices(rows) },
      {
        onSuccess: () => {
          say({ tone: "done", title: t("connections.pricesSaved") });
          onClose();
        },
      },
    );
  };
  const add = () => {
    const key = Math.max(-1, ...rows.map((row) => row.key)) + 1;
    setRows([...rows, { key, model: "", input: "", cached: "", output: "" }]);
  };
  const failed = put.error ? asApiError(put.error) : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("connections.pricesTitle")}
      actions={
        <>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          <Button tone="primary" busy={put.isPending} onClick={save}>
            {t("connections.pricesSave")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p className="text-12 text-fg-muted">{t("connections.pricesHint")}</p>
        <ul className="flex flex-col gap-2">
          {rows.map((row, index) => (
            <Row
              key={row.key}
              row={row}
              wrong={looked ? (wrong[index] ?? null) : null}
              onChange={(next) =>
                setRows(rows.map((other) => (other.key === row.key ? next : other)))
              }
              onRemove={() => setRows(rows.filter((other) => other.key !== row.key))}
            />
          ))}
        </ul>
        <div>
          <Button size="sm" icon={Plus} onClick={add}>
            {t("connections.priceAdd")}
          </Button>
        </div>
        {failed && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">{t("connections.pricesNotSaved")}</b> {failed.message}{" "}
              {failed.hint}
            </Callout>
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

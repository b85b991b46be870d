// How long each kind of data is kept, what the last run took out, and when the next one is; an owner may change it
// within the bounds that the backend names.
import { Pencil } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card } from "@/shared/parts/Card";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";
import { useMay } from "@/shared/session/useMe";
import { isWithin, newRetention, type RetentionDraft, textsOf } from "./retentionDraft";

type Rule = Wire<"RetentionRule">;

/** A kind of data in words, and how long it is kept. */
function Row({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  return (
    <li className="flex min-h-12 items-center gap-3 border-line border-b px-3 py-1.5 last:border-b-0">
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1.5">
          <b className="font-medium text-fg-strong">
            {t(`settings.retention.holding.${rule.holding}`)}
          </b>
          {rule.chosen && <Badge>{t("settings.retention.chosen")}</Badge>}
        </span>
        <span className="block text-12 text-fg-muted">
          {t(`settings.retention.what.${rule.holding}`)}
        </span>
        {rule.held_up !== null && <span className="block text-12 text-warn">{rule.held_up}</span>}
      </span>
      <span className="num flex-none text-right">
        {rule.days === null
          ? t("settings.retention.forever")
          : t("settings.retention.days", { count: rule.days })}
        <span className="block text-12 text-fg-muted">
          {rule.rows > 0 && t("settings.retention.rows", { count: rule.rows })}
        </span>
      </span>
    </li>
  );
}

function EditField({
  rule,
  mostDays,
  value,
  looked,
  onChange,
}: {
  rule: Rule;
  mostDays: number;
  value: string;
  looked: boolean;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const least = { least: rule.least_days, most: mostDays };
  const bounds = rule.may_be_forever
    ? t("settings.retention.boundsForever", least)
    : t("settings.retention.bounds", least);
  return (
    <Field
      label={t(`settings.retention.holding.${rule.holding}`)}
      hint={bounds}
      error={looked && !isWithin(rule, mostDays, value) ? bounds : undefined}
    >
      <TextInput
        mono
        inputMode="numeric"
        maxLength={6}
        placeholder={rule.may_be_forever ? t("settings.retention.forever") : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

function Edit({ kept, onClose }: { kept: Wire<"Retention">; onClose: () => void }) {
  const { t } = useTranslation();
  // What was read when the dialog opened is what is changed: a change of somebody else meanwhile is refused.
  const [before] = useState(kept);
  const [texts, setTexts] = useState<RetentionDraft>(() => textsOf(kept));
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const put = hooks.useMutation("put", "/api/v1/retention");
  const save = () => {
    setTries(tries + 1);
    const good = before.items.every((rule) =>
      isWithin(rule, before.most_days, texts[rule.holding]),
    );
    if (put.isPending || !good) return;
    put.mutate(
      { params: { header: ifMatch(before.version) }, body: newRetention(before, texts) },
      {
        onSuccess: () => {
          say({ tone: "done", title: t("settings.retention.saved") });
          onClose();
        },
      },
    );
  };
  // What is wrong may have been scrolled away.
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [tries]);
  const failed = put.error ? asApiError(put.error) : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("settings.retention.editTitle")}
      actions={
        <>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          <Button tone="primary" busy={put.isPending} onClick={save}>
            {t("settings.retention.save")}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p className="text-12 text-fg-muted">{t("settings.retention.editText")}</p>
        {before.items.map((rule) => (
          <EditField
            key={rule.holding}
            rule={rule}
            mostDays={before.most_days}
            value={texts[rule.holding]}
            looked={tries > 0}
            onChange={(text) => setTexts({ ...texts, [rule.holding]: text })}
          />
        ))}
        {failed && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">{t("settings.retention.notSaved")}</b> {failed.message}{" "}
              {failed.hint}
            </Callout>
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

export function Retention() {
  const { t } = useTranslation();
  const mayChange = useMay("data");
  const [editing, setEditing] = useState(false);
  const query = hooks.useQuery("get", "/api/v1/retention");
  const kept = query.data;
  return (
    <Card
      title={t("settings.tab.retention")}
      aside={
        mayChange &&
        kept && (
          <Button size="sm" icon={Pencil} onClick={() => setEditing(true)}>
            {t("settings.retention.edit")}
          </Button>
        )
      }
    >
      <p className="px-3 py-2 text-12 text-fg-muted">{t("settings.retention.text")}</p>
      <Await query={query} failed={t("settings.retention.failed")}>
        {(all) => (
          <>
            <p className="flex gap-4 border-line border-b px-3 pb-2 text-12 text-fg-muted">
              <span>
                {t("settings.retention.lastRun")}{" "}
                {all.last_ended_at === null ? (
                  t("settings.retention.never")
                ) : (
                  <RelativeTime at={all.last_ended_at} />
                )}
              </span>
              <span>
                {t("settings.retention.nextRun")} <RelativeTime at={all.next_at} />
              </span>
            </p>
            <ul>
              {all.items.map((rule) => (
                <Row key={rule.holding} rule={rule} />
              ))}
            </ul>
          </>
        )}
      </Await>
      {editing && kept && <Edit kept={kept} onClose={() => setEditing(false)} />}
    </Card>
  );
}

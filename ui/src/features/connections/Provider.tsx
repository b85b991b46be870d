// What thinks now, by role, with its price and where its key lies; and the way to change it.
import { Bot, CloudUpload, MonitorCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { draftOf, settingsOf } from "@/shared/connect/modelDraft";
import { Tried } from "@/shared/connect/Tried";
import { formatUsd } from "@/shared/format/money";
import { formatLocale } from "@/shared/i18n/locale";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Card, CardBody } from "@/shared/parts/Card";
import { Icon } from "@/shared/parts/Icon";
import { KeyValue } from "@/shared/parts/KeyValue";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";
import { Interrupted } from "./Interrupted";
import { ProviderDialog } from "./ProviderDialog";

type Connection = Wire<"ModelConnection">;

function Headline({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const worker = connection.roles.find(({ role }) => role === "worker");
  const rehearsal = worker?.rehearsal ?? false;
  const address = connection.settings?.base_url;
  return (
    <div className="flex items-start gap-3">
      <span
        aria-hidden
        className="grid size-9 flex-none place-items-center rounded-8 bg-model/14 text-model"
      >
        <Icon of={Bot} size="lg" />
      </span>
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-1.5 font-semibold text-15 text-fg-strong">
          {rehearsal
            ? t("connections.rehearsalNow")
            : t("connections.aiNow", { provider: worker?.provider ?? "" })}
          {rehearsal ? (
            <>
              <Badge tone="outline">{t("connect.notAi")}</Badge>
              <Badge tone="ok" icon={MonitorCheck}>
                {t("connect.staysHere")}
              </Badge>
            </>
          ) : (
            <Badge tone="info" icon={CloudUpload}>
              {t("connect.sendsOut")}
            </Badge>
          )}
        </h3>
        <p className="text-12 text-fg-muted [overflow-wrap:anywhere]">
          {rehearsal
            ? t("connections.rehearsalText")
            : address
              ? t("connections.aiText", { address })
              : t("connections.fromSettings")}
        </p>
      </div>
    </div>
  );
}

type Priced = Pick<Wire<"RoleModel">, "input_per_million" | "output_per_million">;

function usePrice(): (priced: Priced) => string {
  const { t } = useTranslation();
  const locale = formatLocale();
  return ({ input_per_million, output_per_million }) =>
    input_per_million && output_per_million
      ? `${formatUsd(input_per_million, locale)} / ${formatUsd(output_per_million, locale)}`
      : t("connections.priceUnknown");
}

function Roles({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const price = usePrice();
  const { roles, fallback } = connection;
  const isOne = !fallback && roles.every(({ provider }) => provider === roles[0]?.provider);
  const rows = [...roles, ...(fallback ? [{ ...fallback, role: "fallback" as const }] : [])];
  return (
    <table className="w-full text-left text-12">
      <thead className="text-fg-muted">
        <tr className="h-7 border-line border-b [&_th]:font-medium">
          <td className="w-24" />
          <th scope="col">{t("connections.roleModel")}</th>
          <th scope="col" className="text-right">
            {t("connections.price")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.role} className="h-7 border-line border-b last:border-b-0">
            <th scope="row" className="font-medium text-fg-muted">
              {t(`connections.role.${row.role}`)}
            </th>
            <td className="num text-fg-strong [overflow-wrap:anywhere]">
              {isOne ? row.model : `${row.provider}/${row.model}`}
            </td>
            <td className="num whitespace-nowrap text-right text-fg-muted">{price(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useKeyWords(): (key: Wire<"KeyPlace"> | undefined) => string {
  const { t } = useTranslation();
  return (key) => {
    if (key?.place === "keychain") return t("connections.keyKeychain", { name: key.name });
    if (key?.place === "environment") return t("connections.keyEnvironment", { name: key.name });
    return t("connections.keyNone");
  };
}

function Ready({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const mayChange = useMay("installation");
  const [changing, setChanging] = useState(false);
  const words = useKeyWords();
  const test = hooks.useMutation("post", "/api/v1/connections/model/test", {
    onError: sayFailed(t("connect.failedToTest")),
  });
  const { settings } = connection;
  const rehearsal = connection.roles.every((role) => role.rehearsal);
  const tried = test.data;
  return (
    <CardBody className="flex flex-col gap-3">
      <Headline connection={connection} />
      <Roles connection={connection} />
      {connection.interruption && <Interrupted by={connection.interruption} />}
      {settings && !rehearsal && <KeyValue rows={[[t("connections.key"), words(settings.key)]]} />}
      {tried && (
        <Tried
          ok={tried.ok}
          title={t(tried.ok ? "connect.works" : "connect.worksNot")}
          tookMs={tried.took_ms}
        >
          {tried.ok ? tried.message : tried.problem}
        </Tried>
      )}
      {mayChange ? (
        <div className="flex gap-1.5">
          <Button onClick={() => setChanging(true)}>{t("connections.change")}</Button>
          {(settings || rehearsal) && (
            <Button
              tone="quiet"
              busy={test.isPending}
              onClick={() => test.mutate({ body: settings ?? settingsOf(draftOf(null)) })}
            >
              {t(test.isPending ? "connect.testing" : "connections.testNow")}
            </Button>
          )}
        </div>
      ) : (
        <p className="text-12 text-fg-muted">{t("connections.notYours")}</p>
      )}
      {changing && (
        <ProviderDialog
          connection={connection}
          onClose={() => {
            setChanging(false);
            test.reset();
          }}
        />
      )}
    </CardBody>
  );
}

export function Provider() {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/connections/model");
  return (
    <Card title={t("connections.ai")}>
      <Await query={query} failed={t("connections.aiFailed")}>
        {(connection) => <Ready connection={connection} />}
      </Await>
    </Card>
  );
}

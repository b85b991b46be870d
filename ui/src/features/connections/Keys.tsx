// What the keychain of this machine is worth, and which keys it holds. A key itself is never shown.
import { KeyRound, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { keychainWords } from "@/shared/connect/keychainWords";
import { PRESETS } from "@/shared/connect/modelDraft";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Card, CardBody } from "@/shared/parts/Card";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { Icon } from "@/shared/parts/Icon";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";
import { useMay } from "@/shared/session/useMe";
import { ReplaceKey } from "./ReplaceKey";

type Keychain = Wire<"Keychain">;
type Stored = Wire<"StoredKey">;

/** What people call a key: by the provider where it is a usual one, else by the host. */
function useKeyTitle(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => {
    const preset = PRESETS.find(({ id }) => id === name);
    return preset ? t(`connect.preset.${preset.id}`) : name;
  };
}

function Standing({ keychain }: { keychain: Keychain }) {
  const { t } = useTranslation();
  const { works, backend, problem, survives_reboot } = keychain;
  const words = keychainWords(problem);
  return (
    <div className="flex items-start gap-3">
      <span
        aria-hidden
        className={`grid size-9 flex-none place-items-center rounded-8 ${works ? "bg-ok-soft text-ok" : "bg-warn-soft text-warn"}`}
      >
        <Icon of={works ? KeyRound : TriangleAlert} size="lg" />
      </span>
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-1.5 font-semibold text-15 text-fg-strong">
          {problem?.code === "KEYCHAIN_SWITCHED_OFF" ? t("connections.keychainOff") : backend}
          {problem?.code !== "KEYCHAIN_SWITCHED_OFF" && (
            <Badge tone={works ? "ok" : "warn"}>
              {t(works ? "connections.keychainWorks" : "connections.keychainDown")}
            </Badge>
          )}
        </h3>
        <p className="text-12 text-fg-muted [overflow-wrap:anywhere]">
          {works ? t(`connections.keychainLasts.${survives_reboot}`) : words.plain}
        </p>
        {words.own && (
          <p className="mt-1 text-11 text-fg-faint [overflow-wrap:anywhere]">{words.own}</p>
        )}
      </div>
    </div>
  );
}

/** How Chimera's own data lies on the disk: never passed over in silence. */
function Data({ data }: { data: NonNullable<Keychain["data"]> }) {
  const { t } = useTranslation();
  const isEncrypted = data.form === "encrypted";
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-line border-t pt-3 text-12">
      <b className="font-medium text-fg-strong">{t("connections.data")}</b>
      <Badge tone={isEncrypted ? "ok" : "warn"}>
        {t(isEncrypted ? "connections.dataEncrypted" : "connections.dataPlain")}
      </Badge>
      <p className="w-full text-fg-muted [overflow-wrap:anywhere]">
        {data.form === "plain"
          ? t("connections.dataWhy", { why: data.why })
          : data.variable
            ? t("connections.dataKeySupplied", { name: data.variable })
            : t("connections.dataKeyKept")}
      </p>
    </div>
  );
}

interface RowProps {
  stored: Stored;
  title: string;
  mayChange: boolean;
  onReplace: () => void;
  onRemove: () => void;
}

function Row({ stored, title, mayChange, onReplace, onRemove }: RowProps) {
  const { t } = useTranslation();
  return (
    <li className="flex items-center gap-2 border-line border-b py-1.5 last:border-b-0">
      <div className="min-w-0 flex-1">
        <b className="clip block font-medium text-fg-strong">
          {t("connections.keyFor", { name: title })}
        </b>
        <span className="clip block text-12 text-fg-muted">
          {t("connections.keyStored", { by: stored.stored_by })}{" "}
          <RelativeTime at={stored.stored_at} />
        </span>
      </div>
      {mayChange && (
        <>
          <Button size="sm" onClick={onReplace}>
            {t("connections.keyReplace")}
          </Button>
          <Button size="sm" tone="quiet" onClick={onRemove}>
            {t("connections.keyRemove")}
          </Button>
        </>
      )}
    </li>
  );
}

function List({ keychain, mayChange }: { keychain: Keychain; mayChange: boolean }) {
  const { t } = useTranslation();
  const titleOf = useKeyTitle();
  const [replacing, setReplacing] = useState<Stored | null>(null);
  const [going, setGoing] = useState<Stored | null>(null);
  const model = hooks.useQuery("get", "/api/v1/connections/model");
  const remove = hooks.useMutation("delete", "/api/v1/connections/keys/{key}", {
    onError: sayFailed(t("connections.keyRemoveFailed")),
    onSettled: () => setGoing(null),
  });
  const { keys, supplied, backend } = keychain;
  const settings = model.data?.settings;
  const others = [...Object.values(settings?.others ?? {}), settings?.fallback];
  const isUsed = [settings, ...others].some((one) => {
    const key = (one as Wire<"OtherModel"> | null | undefined)?.key;
    return key?.place === "keychain" && key.name === going?.name;
  });
  return (
    <>
      {keys.length + supplied.length === 0 ? (
        <p className="text-12 text-fg-muted">{t("connections.keysEmpty")}</p>
      ) : (
        <ul>
          {supplied.map(({ name, variable }) => (
            <li key={variable} className="border-line border-b py-1.5 last:border-b-0">
              <b className="block font-medium text-fg-strong">
                {t("connections.keyFor", { name: titleOf(name) })}
              </b>
              <span className="block text-12 text-fg-muted">
                {t("connections.keySupplied", { name: variable })}
              </span>
            </li>
          ))}
          {keys.map((stored) => (
            <Row
              key={stored.name}
              stored={stored}
              title={titleOf(stored.name)}
              mayChange={mayChange}
              onReplace={() => setReplacing(stored)}
              onRemove={() => setGoing(stored)}
            />
          ))}
        </ul>
      )}
      {replacing && (
        <ReplaceKey
          name={replacing.name}
          title={titleOf(replacing.name)}
          backend={backend}
          onClose={() => setReplacing(null)}
        />
      )}
      <ConfirmDialog
        open={going !== null}
        onClose={() => setGoing(null)}
        onConfirm={() => going && remove.mutate({ params: { path: { key: going.name } } })}
        title={t("connections.keyRemoveTitle", { name: titleOf(going?.name ?? "") })}
        confirm={t("connections.keyRemove")}
        busy={remove.isPending}
      >
        {t(isUsed ? "connections.keyRemoveUsed" : "connections.keyRemoveText", { backend })}
      </ConfirmDialog>
    </>
  );
}

function Ready({ keychain }: { keychain: Keychain }) {
  const { t } = useTranslation();
  const mayChange = useMay("connection_write");
  const test = hooks.useMutation("post", "/api/v1/connections/keychain/test", {
    onSuccess: ({ works }) => {
      if (works) say({ tone: "done", title: t("connections.keychainTested") });
    },
    onError: sayFailed(t("connections.keychainNotTested")),
  });
  return (
    <CardBody className="flex flex-col gap-3">
      <Standing keychain={keychain} />
      <List keychain={keychain} mayChange={mayChange} />
      {keychain.data && <Data data={keychain.data} />}
      {mayChange && (
        <Button
          size="sm"
          className="self-start"
          busy={test.isPending}
          onClick={() => test.mutate({})}
        >
          {t(test.isPending ? "connections.keychainTesting" : "connections.keychainTest")}
        </Button>
      )}
    </CardBody>
  );
}

export function Keys() {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/connections/keychain");
  return (
    <Card title={t("connections.keys")}>
      <Await query={query} failed={t("connections.keysFailed")}>
        {(keychain) => <Ready keychain={keychain} />}
      </Await>
    </Card>
  );
}

// Asks before a program is run, or an address reached, for the first time or in another way than it was trusted. What is shown is what is
// sent back: something else by then is refused.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { KeyInput } from "@/shared/connect/KeyInput";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";
import { Launch } from "./Launch";

function Secret({ name, stored }: { name: string; stored: boolean }) {
  const { t } = useTranslation();
  const [key, setKey] = useState("");
  // Not remembered: the call carries the key.
  const store = hooks.useMutation("post", "/api/v1/connections/keys", {
    gcTime: 0,
    onError: sayFailed(t("registry.secretFailed")),
    onSuccess: () => setKey(""),
  });
  return (
    <li className="flex flex-col gap-1 py-1">
      <span className="flex items-center gap-2">
        <b className="num font-medium text-fg-strong">{name}</b>
        <Badge tone={stored ? "ok" : "warn"}>
          {t(stored ? "registry.secretStored" : "registry.secretMissing")}
        </Badge>
      </span>
      {!stored && (
        <div className="flex items-end gap-2">
          <Field className="flex-1" label={t("registry.secretValue", { name })}>
            <KeyInput value={key} onChange={setKey} />
          </Field>
          <Button
            busy={store.isPending}
            disabled={key.trim() === "" && !store.isPending}
            onClick={() => store.mutate({ body: { name, key: key.trim() } })}
          >
            {t("registry.secretStore")}
          </Button>
        </div>
      )}
    </li>
  );
}

function Secrets({ names }: { names: readonly string[] }) {
  const { t } = useTranslation();
  const { data } = hooks.useQuery("get", "/api/v1/connections/keychain");
  const known = new Set([
    ...(data?.keys ?? []).map((key) => key.name),
    ...(data?.supplied ?? []).map((key) => key.name),
  ]);
  return (
    <section>
      <h3 className="text-12 text-fg-muted">{t("registry.secrets")}</h3>
      <ul>
        {names.map((name) => (
          <Secret key={name} name={name} stored={known.has(name)} />
        ))}
      </ul>
    </section>
  );
}

export interface TrustServerProps {
  server: Wire<"RegisteredServer">;
  launch: Wire<"ServerLaunch">;
  onClose: () => void;
}

export function TrustServer({ server, launch, onClose }: TrustServerProps) {
  const { t } = useTranslation();
  // The launch that was shown when the dialog opened is the one that is trusted.
  const [seen] = useState(launch);
  const { name } = server;
  const far = seen.address !== null;
  const trust = hooks.useMutation("post", "/api/v1/connections/registry/{server}/trust");
  const run = () =>
    trust.mutate(
      { params: { path: { server: name } }, body: { launch: seen.digest } },
      {
        onSuccess: () => {
          say({ tone: "done", title: t("registry.trusted", { name }) });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t(far ? "registry.reachTitle" : "registry.trustTitle", { name })}
      actions={
        <>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          <Button tone="primary" busy={trust.isPending} onClick={run}>
            {t(
              server.standing === "altered"
                ? far
                  ? "registry.reachAgain"
                  : "registry.trustAgain"
                : far
                  ? "registry.reachDo"
                  : "registry.trustDo",
            )}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-fg">{t(far ? "registry.reachText" : "registry.trustText")}</p>
        {server.standing === "altered" && <Callout tone="warn">{t("registry.altered")}</Callout>}
        <div className="rounded-8 border border-line bg-surface p-3">
          <Launch launch={seen} />
        </div>
        {seen.secrets.length > 0 && <Secrets names={seen.secrets} />}
        {trust.error && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">{t("registry.trustFailed")}</b>{" "}
              {asApiError(trust.error).message}
            </Callout>
          </div>
        )}
      </div>
    </Dialog>
  );
}

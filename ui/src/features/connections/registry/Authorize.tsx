// Sends a person to the page on which she agrees that Chimera uses a server in her name, and waits for her to come back.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { KeyInput } from "@/shared/connect/KeyInput";
import { Button, buttonClass } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { TextInput } from "@/shared/parts/TextInput";

/** Pause between two looks whether she came back. */
const LOOK_MS = 1_000;
const CLIENT_MAX = 2_048;
const KEY_NAME_MAX = 64;

type Standing = Wire<"ServerAuthorization">;

/** Under which name a client's secret is kept beside the other keys. */
export const secretName = (server: string) =>
  `oauth-client.${server.toLowerCase()}`.slice(0, KEY_NAME_MAX);

/** A page of the web, or of this machine; nothing else is made a link. */
export const isPage = (address: string) => /^https?:\/\//.test(address);

interface ClientFieldsProps {
  id: string;
  secret: string;
  stored: string | null;
  onId: (id: string) => void;
  onSecret: (secret: string) => void;
}

function ClientFields({ id, secret, stored, onId, onSecret }: ClientFieldsProps) {
  const { t } = useTranslation();
  return (
    <details open={id !== ""} className="rounded-8 border border-line px-3 py-2">
      <summary className="cursor-default text-12 text-fg-muted">
        {t("registry.auth.ownClient")}
      </summary>
      <div className="mt-2 flex flex-col gap-2.5">
        <p className="text-12 text-fg-muted">{t("registry.auth.ownClientText")}</p>
        <Field label={t("registry.auth.clientId")}>
          <TextInput
            mono
            spellCheck={false}
            autoComplete="off"
            maxLength={CLIENT_MAX}
            value={id}
            onChange={(event) => onId(event.target.value)}
          />
        </Field>
        <Field
          label={t("registry.auth.clientSecret")}
          hint={
            stored
              ? t("registry.auth.clientSecretStored", { name: stored })
              : t("registry.auth.clientSecretHint")
          }
        >
          <KeyInput value={secret} onChange={onSecret} />
        </Field>
      </div>
    </details>
  );
}

function Wrong({ title, message, code }: { title: string; message: string; code?: string }) {
  return (
    <div role="alert">
      <Callout tone="bad">
        <b className="font-semibold">{title}</b> <HiddenText>{message}</HiddenText>{" "}
        {code && <span className="num text-fg-muted">{code}</span>}
      </Callout>
    </div>
  );
}

/** What came of the round, once nobody is waited for any more. */
function Ended({ standing, isNew }: { standing: Standing; isNew: boolean }) {
  const { t } = useTranslation();
  if (isNew) {
    return (
      <p role="status" className="text-fg-strong">
        {t("registry.auth.done")}
      </p>
    );
  }
  const problem = standing.state === "ended" ? standing.problem : null;
  return (
    <Wrong
      title={t("registry.auth.failed")}
      message={problem?.message ?? t("registry.auth.nobodyCame")}
      {...(problem && { code: problem.code })}
    />
  );
}

function Round({ round }: { round: Wire<"AuthorizationRound"> }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2.5">
      <p role="status" className="text-fg">
        {t("registry.auth.opened")} <RelativeTime at={round.until} />
      </p>
      <p className="num rounded-8 border border-line bg-surface p-2 text-12 [overflow-wrap:anywhere]">
        <HiddenText>{round.address}</HiddenText>
      </p>
      <p className="text-12 text-fg-muted">{t("registry.auth.sameMachine")}</p>
    </div>
  );
}

/** Keeps a client's secret where it was typed, then begins a round. */
function useBegin(name: string, client: Wire<"AuthorizationClient"> | null) {
  const [id, setId] = useState(client?.id ?? "");
  const [secret, setSecret] = useState("");
  // Not remembered: one call carries the secret, the answer to the other the state of the round.
  const store = hooks.useMutation("post", "/api/v1/connections/keys", { gcTime: 0 });
  const begin = hooks.useMutation("post", "/api/v1/connections/registry/{server}/authorization", {
    gcTime: 0,
  });
  const start = (kept: string | null) => {
    const trimmed = id.trim();
    const same = trimmed === (client?.id ?? "") && kept === (client?.secret ?? null);
    begin.mutate({
      params: { path: { server: name } },
      body: same ? {} : { client: { id: trimmed, secret: trimmed ? kept : null } },
    });
  };
  const run = () => {
    const key = secret.trim();
    if (store.isPending || begin.isPending) return;
    if (key === "") {
      start(client?.secret ?? null);
      return;
    }
    store.mutate(
      { body: { name: secretName(name), key } },
      {
        onSuccess: () => {
          setSecret("");
          start(secretName(name));
        },
      },
    );
  };
  return {
    id,
    setId,
    secret,
    setSecret,
    run,
    round: begin.data ?? null,
    busy: store.isPending || begin.isPending,
    thrown: store.error ?? begin.error,
    reset: begin.reset,
  };
}

/** How the authorization stands, and whether the round that was begun here is over. */
function useStanding(name: string, begun: boolean) {
  const { data } = hooks.useQuery(
    "get",
    "/api/v1/connections/registry/{server}",
    { params: { path: { server: name } } },
    { refetchInterval: LOOK_MS },
  );
  const standing = data?.server.authorization ?? null;
  const [before] = useState(standing?.given_at ?? null);
  const [seen, setSeen] = useState(false);
  const waits = standing?.waits_until != null;
  // What was read before the round began says nothing of it.
  if (begun && waits && !seen) setSeen(true);
  if (!begun && seen) setSeen(false);
  const isNew = begun && !waits && (standing?.given_at ?? null) !== before;
  return { standing, isNew, over: begun && !waits && (seen || isNew) };
}

export interface AuthorizeProps {
  name: string;
  onClose: () => void;
}

export function Authorize({ name, onClose }: AuthorizeProps) {
  const { t } = useTranslation();
  const known = hooks.useQuery("get", "/api/v1/connections/registry/{server}", {
    params: { path: { server: name } },
  });
  const client = known.data?.server.authorization?.client ?? null;
  const begin = useBegin(name, client);
  const { round } = begin;
  const { standing, isNew, over } = useStanding(name, round !== null);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("registry.auth.dialogTitle", { name })}
      actions={
        over ? (
          <>
            {!isNew && <Button onClick={begin.reset}>{t("registry.auth.anew")}</Button>}
            <Button tone="primary" onClick={onClose}>
              {t("registry.importDone")}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t(round ? "registry.close" : "parts.cancel")}</Button>
            {round && isPage(round.address) ? (
              <a
                className={buttonClass("primary")}
                href={round.address}
                target="_blank"
                rel="noopener noreferrer"
              >
                {t("registry.auth.open")}
              </a>
            ) : (
              <Button tone="primary" busy={begin.busy} onClick={begin.run}>
                {t("registry.auth.go")}
              </Button>
            )}
          </>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {over && standing ? (
          <Ended standing={standing} isNew={isNew} />
        ) : round ? (
          <Round round={round} />
        ) : (
          <>
            <p className="text-fg">{t("registry.auth.text")}</p>
            <ClientFields
              id={begin.id}
              secret={begin.secret}
              stored={client?.secret ?? null}
              onId={begin.setId}
              onSecret={begin.setSecret}
            />
          </>
        )}
        {begin.thrown && (
          <Wrong
            title={t("registry.auth.beginFailed")}
            message={asApiError(begin.thrown).message}
          />
        )}
      </div>
    </Dialog>
  );
}

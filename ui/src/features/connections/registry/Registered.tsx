// A registered server, opened: what it runs, what is held back, its tools, its last words.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { Authorization } from "./Authorization";
import { Editions } from "./Editions";
import { HeldBack } from "./HeldBack";
import { LastWords } from "./LastWords";
import { Launch } from "./Launch";
import { Offer } from "./Offer";
import { RegisteredTools } from "./RegisteredTools";
import { ServerForm } from "./ServerForm";

/** Pause between two looks at an opened server's last words. */
const LOOK_MS = 2_000;

function Acts({ server }: { server: Wire<"RegisteredServer"> }) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  const [going, setGoing] = useState(false);
  const params = { path: { server: server.name }, header: ifMatch(server.version) };
  const put = hooks.useMutation("put", "/api/v1/connections/registry/{server}", {
    onError: sayFailed(t("registry.switchFailed")),
  });
  const remove = hooks.useMutation("delete", "/api/v1/connections/registry/{server}", {
    onError: sayFailed(t("registry.removeFailed")),
    onSettled: () => setGoing(false),
  });
  return (
    <div className="flex flex-wrap gap-1.5">
      <Button size="sm" onClick={() => setChanging(true)}>
        {t("registry.change")}
      </Button>
      <Button
        size="sm"
        busy={put.isPending}
        onClick={() =>
          put.mutate({ params, body: { program: server.program, enabled: !server.enabled } })
        }
      >
        {t(server.enabled ? "registry.switchOff" : "registry.switchOn")}
      </Button>
      <Button size="sm" tone="danger-outline" onClick={() => setGoing(true)}>
        {t("registry.remove")}
      </Button>
      {changing && <ServerForm server={server} onClose={() => setChanging(false)} />}
      <ConfirmDialog
        open={going}
        onClose={() => setGoing(false)}
        onConfirm={() => remove.mutate({ params })}
        title={t("registry.removeTitle", { name: server.name })}
        confirm={t("registry.remove")}
        busy={remove.isPending}
      >
        {t("registry.removeText")}
      </ConfirmDialog>
    </div>
  );
}

export interface RegisteredProps {
  name: string;
  connected: boolean;
  mayChange: boolean;
}

export function Registered({ name, connected, mayChange }: RegisteredProps) {
  const { t } = useTranslation();
  const query = hooks.useQuery(
    "get",
    "/api/v1/connections/registry/{server}",
    { params: { path: { server: name } } },
    { refetchInterval: LOOK_MS },
  );
  return (
    <Await query={query} failed={t("registry.failed")}>
      {(look) => (
        <>
          {look.quarantine && (
            <HeldBack server={name} quarantine={look.quarantine} mayTrust={mayChange} />
          )}
          <section className="flex flex-col gap-2 border-line border-t py-2.5 pr-3 pl-9">
            <h3 className="text-12 text-fg-muted">
              <b className="font-medium text-fg-strong">{t("registry.settings")}</b>{" "}
              {look.server.trust && (
                <>
                  {t("registry.trustedBy", { by: look.server.trust.by })}{" "}
                  <RelativeTime at={look.server.trust.at} />
                </>
              )}
            </h3>
            {look.server.launch && <Launch launch={look.server.launch} />}
            {look.server.problem && (
              <Callout tone="bad">
                {look.server.problem.message}{" "}
                <span className="num text-fg-muted">{look.server.problem.code}</span>
              </Callout>
            )}
            {look.server.documentation_url && (
              <p className="text-12 text-fg-muted [overflow-wrap:anywhere]">
                {t("registry.documentation")} {look.server.documentation_url}
              </p>
            )}
            {mayChange && <Acts server={look.server} />}
          </section>
          <Authorization name={name} standing={look.server.authorization} mayChange={mayChange} />
          <Editions look={look} mayChange={mayChange} />
          <Offer server={name} connected={connected} mayRead={mayChange} />
          <RegisteredTools look={look} connected={connected} mayClass={mayChange} />
          {!("url" in look.server.program) && <LastWords lines={look.last_words} />}
        </>
      )}
    </Await>
  );
}

// What a registered server called itself over time, and the way back to how it was run before.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { Button } from "@/shared/parts/Button";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { sayFailed } from "@/shared/parts/toast/sayFailed";

type Look = Wire<"RegisteredServerLook">;

function Edition({ edition }: { edition: Wire<"ServerEdition"> }) {
  const { t } = useTranslation();
  const changes = edition.changes.map(({ tool, state }) =>
    t("registry.editionTool", { tool, state: t(`registry.editionState.${state}`) }),
  );
  const { name, version } = edition.told;
  return (
    <li className="[overflow-wrap:anywhere]">
      <b className="num font-medium text-fg-strong">
        <HiddenText>{version}</HiddenText>
      </b>{" "}
      <span>
        <HiddenText>{name}</HiddenText>
      </span>{" "}
      <span>
        {t("registry.editionFrom")} <RelativeTime at={edition.first_seen} />
      </span>
      {changes.length > 0 && (
        <span className="block pl-3">
          <HiddenText>{changes.join(", ")}</HiddenText>
        </span>
      )}
    </li>
  );
}

/** How it is run, with the variables: often they alone are what differs. */
function lineOf(reach: Wire<"ServerReach">): string {
  if ("url" in reach) return reach.url;
  const variables = Object.entries(reach.env ?? {}).map(([name, value]) => `${name}=${value}`);
  return [...variables, reach.command, ...(reach.args ?? [])].join(" ");
}

function Back({ look }: { look: Look }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const { server, former } = look;
  const back = hooks.useMutation("post", "/api/v1/connections/registry/{server}/rollback", {
    onError: sayFailed(t("registry.backFailed")),
    onSettled: () => setAsking(false),
  });
  if (!former) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5 text-12 text-fg-muted">
      <span>
        {t("registry.before")} <RelativeTime at={former.until} />
      </span>
      <span className="num [overflow-wrap:anywhere]">{lineOf(former.program)}</span>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t("registry.back")}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          back.mutate({
            params: { path: { server: server.name }, header: ifMatch(server.version) },
          })
        }
        title={t("registry.backTitle", { name: server.name })}
        confirm={t("registry.back")}
        busy={back.isPending}
      >
        {t(former.trusted ? "registry.backText" : "registry.backUntrusted")}
      </ConfirmDialog>
    </div>
  );
}

export function Editions({ look, mayChange }: { look: Look; mayChange: boolean }) {
  const { t } = useTranslation();
  const wanted = look.server.required_version;
  if (look.editions.length === 0 && !wanted && !look.former) return null;
  return (
    <section
      aria-label={t("registry.editions")}
      className="flex flex-col gap-1 border-line border-t py-2.5 pr-3 pl-9 text-12 text-fg-muted"
    >
      <h3 className="font-medium text-fg-strong">{t("registry.editions")}</h3>
      {wanted && <p>{t("registry.wanted", { version: wanted })}</p>}
      <ul>
        {look.editions.map((edition) => (
          <Edition key={`${edition.first_seen} ${edition.told.version}`} edition={edition} />
        ))}
      </ul>
      {mayChange && <Back look={look} />}
    </section>
  );
}

// How the authorization of a server by a person stands, and what she can do about it.
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { Authorize } from "./Authorize";

type Standing = Wire<"ServerAuthorization">;

const TONES: Record<Standing["state"], BadgeTone> = {
  not_asked: "neutral",
  needed: "warn",
  more_needed: "warn",
  authorized: "ok",
  ended: "bad",
};

function Scopes({ names }: { names: readonly string[] }) {
  return (
    <span className="num">
      <HiddenText>{names.join(" ")}</HiddenText>
    </span>
  );
}

function useRows(standing: Standing) {
  const { t } = useTranslation();
  const rows: [string, ReactNode][] = [];
  if (standing.issuer !== null) {
    rows.push([t("registry.auth.issuer"), <HiddenText key="issuer">{standing.issuer}</HiddenText>]);
  }
  if (standing.scopes.length > 0) {
    const asked = standing.state !== "authorized";
    rows.push([
      t(asked ? "registry.auth.scopesAsked" : "registry.auth.scopes"),
      <Scopes key="scopes" names={standing.scopes} />,
    ]);
  }
  if (standing.state === "authorized") {
    rows.push([
      t("registry.auth.until"),
      <span key="until">
        {standing.until ? <RelativeTime at={standing.until} /> : t("registry.auth.untilUnsaid")}
        {standing.renews && ` · ${t("registry.auth.renews")}`}
      </span>,
    ]);
  }
  if (standing.given_by !== null && standing.given_at !== null) {
    rows.push([
      t("registry.auth.given"),
      <span key="given">
        {standing.given_by} <RelativeTime at={standing.given_at} />
      </span>,
    ]);
  }
  if (standing.client) {
    rows.push([
      t("registry.auth.client"),
      <span key="client" className="num">
        {standing.client.id}
      </span>,
    ]);
  }
  return rows;
}

function Acts({ name, standing }: { name: string; standing: Standing }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [going, setGoing] = useState(false);
  const forget = hooks.useMutation(
    "delete",
    "/api/v1/connections/registry/{server}/authorization",
    {
      onError: sayFailed(t("registry.auth.forgetFailed")),
      onSettled: () => setGoing(false),
    },
  );
  const has = standing.state === "authorized" || standing.given_at !== null;
  const words = has ? "registry.auth.again" : "registry.auth.do";
  return (
    <div className="flex flex-wrap gap-1.5">
      <Button size="sm" onClick={() => setAsking(true)}>
        {t(standing.state === "more_needed" ? "registry.auth.more" : words)}
      </Button>
      {(has || standing.waits_until !== null) && (
        <Button size="sm" tone="danger-outline" onClick={() => setGoing(true)}>
          {t("registry.auth.forget")}
        </Button>
      )}
      {asking && <Authorize name={name} onClose={() => setAsking(false)} />}
      <ConfirmDialog
        open={going}
        onClose={() => setGoing(false)}
        onConfirm={() => forget.mutate({ params: { path: { server: name } } })}
        title={t("registry.auth.forgetTitle", { name })}
        confirm={t("registry.auth.forget")}
        busy={forget.isPending}
      >
        {t("registry.auth.forgetText")}
      </ConfirmDialog>
    </div>
  );
}

export interface AuthorizationProps {
  name: string;
  standing: Standing | null;
  mayChange: boolean;
}

export function Authorization({ name, standing, mayChange }: AuthorizationProps) {
  if (!standing || (standing.state === "not_asked" && standing.waits_until === null)) return null;
  return <Shown name={name} standing={standing} mayChange={mayChange} />;
}

function Shown({ name, standing, mayChange }: AuthorizationProps & { standing: Standing }) {
  const { t } = useTranslation();
  const rows = useRows(standing);
  return (
    <section
      aria-label={t("registry.auth.title")}
      className="flex flex-col gap-2 border-line border-t py-2.5 pr-3 pl-9"
    >
      <h3 className="flex items-center gap-2 text-12 font-medium text-fg-strong">
        {t("registry.auth.title")}
        <Badge tone={TONES[standing.state]}>{t(`registry.auth.state.${standing.state}`)}</Badge>
      </h3>
      {standing.waits_until !== null && (
        <Callout tone="info">
          {t("registry.auth.waits")} <RelativeTime at={standing.waits_until} />
        </Callout>
      )}
      {standing.problem && (
        <Callout tone={standing.state === "authorized" ? "warn" : "bad"}>
          {standing.state === "authorized" && `${t("registry.auth.unkept")} `}
          <HiddenText>{standing.problem.message}</HiddenText>{" "}
          <span className="num text-fg-muted">{standing.problem.code}</span>
        </Callout>
      )}
      {rows.length > 0 && <KeyValue rows={rows} />}
      {mayChange && <Acts name={name} standing={standing} />}
    </section>
  );
}

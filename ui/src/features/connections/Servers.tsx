// MCP servers: whether each answers, what is wrong when it does not, and what its tools can do.
import { ChevronDown, ChevronRight, Server as ServerIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Tried } from "@/shared/connect/Tried";
import { SECOND_MS } from "@/shared/format/time";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card } from "@/shared/parts/Card";
import { Dot } from "@/shared/parts/Dot";
import { Icon } from "@/shared/parts/Icon";
import { EmptyState } from "@/shared/parts/States";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";
import { Interrupted } from "./Interrupted";
import { Tools } from "./Tools";

const TRANSPORTS = ["in-process", "stdio", "http"] as const;

function useTransportWords(): (transport: string) => string {
  const { t } = useTranslation();
  return (transport) => {
    const known = TRANSPORTS.find((one) => one === transport);
    return known
      ? t(`connections.transport.${known}`)
      : t("connections.otherTransport", { name: transport });
  };
}

function Problem({ fault }: { fault: Wire<"Fault"> }) {
  const { t } = useTranslation();
  return (
    <Callout tone="bad">
      {fault.message}{" "}
      {fault.retry_after_ms !== null &&
        t("connections.retryAfter", { seconds: Math.ceil(fault.retry_after_ms / SECOND_MS) })}{" "}
      <span className="num text-fg-muted">{fault.code}</span>
    </Callout>
  );
}

function Row({ server }: { server: Wire<"Server"> }) {
  const { t } = useTranslation();
  const words = useTransportWords();
  const [open, setOpen] = useState(false);
  const mayTest = useMay("connection_write");
  const test = hooks.useMutation("post", "/api/v1/connections/servers/{server}/test", {
    onError: sayFailed(t("connect.failedToTest")),
  });
  const tried = test.data;
  return (
    <li className="border-line border-b last:border-b-0">
      <div className="flex items-center pr-3">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 items-center gap-2.5 px-3 py-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px]"
        >
          <Icon of={open ? ChevronDown : ChevronRight} size="sm" className="text-fg-faint" />
          <Dot tone={server.connected ? "text-ok" : "text-bad"} />
          <span className="min-w-0 flex-1">
            <b className="num block font-medium text-fg-strong">{server.name}</b>
            <span className="clip block text-12 text-fg-muted">
              {[
                t(server.connected ? "connections.connected" : "connections.down"),
                words(server.transport),
                server.protocol && t("connections.protocol", { version: server.protocol }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
          <Badge>{t("connections.toolCount", { count: server.tools })}</Badge>
        </button>
        {mayTest && (
          <Button
            size="sm"
            busy={test.isPending}
            aria-label={t("connections.testServer", { name: server.name })}
            onClick={() => test.mutate({ params: { path: { server: server.name } } })}
          >
            {t(test.isPending ? "connect.testing" : "connections.test")}
          </Button>
        )}
      </div>
      {tried && (
        <div className="px-3 pb-2.5">
          <Tried
            ok={tried.ok}
            title={t(tried.ok ? "connect.works" : "connect.worksNot")}
            tookMs={tried.took_ms}
          >
            {tried.message} {tried.problem}
          </Tried>
        </div>
      )}
      {server.problem && !server.interruption && server.problem.message !== tried?.problem && (
        <div className="px-3 pb-2.5">
          <Problem fault={server.problem} />
        </div>
      )}
      {server.interruption && (
        <div className="px-3 pb-2.5">
          <Interrupted by={server.interruption} />
        </div>
      )}
      {open && <Tools server={server.name} />}
    </li>
  );
}

export function Servers() {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/connections/servers");
  return (
    <Card title={t("connections.servers")} aside={t("connections.serversText")}>
      <Await query={query} failed={t("connections.serversFailed")}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              icon={ServerIcon}
              title={t("connections.serversEmpty")}
              text={t("connections.serversEmptyText")}
            />
          ) : (
            <ul>
              {items.map((server) => (
                <Row key={server.name} server={server} />
              ))}
            </ul>
          )
        }
      </Await>
    </Card>
  );
}

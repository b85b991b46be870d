// MCP servers: whether each answers, what is wrong when it does not, and what its tools can do.
import { ChevronDown, ChevronRight, FileDown, Plus, Server as ServerIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
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
import { RunningCalls } from "./RunningCalls";
import "@/shared/i18n/registry";
import { ImportServers } from "./registry/ImportServers";
import { ServerForm } from "./registry/ServerForm";
import { TrustServer } from "./registry/TrustServer";
import { Tools } from "./Tools";

/** Loaded when a server is opened: the room shows first. */
const Registered = lazy(() =>
  import("./registry/Registered").then((m) => ({ default: m.Registered })),
);

/** Loaded when somebody authorizes a server. */
const Authorize = lazy(() =>
  import("./registry/Authorize").then((m) => ({ default: m.Authorize })),
);

/** What a server says that wants a person to authorize it. */
const ASKS: readonly string[] = ["MCP_AUTHORIZATION_NEEDED", "MCP_SCOPE_NEEDED"];
/** Pause between two looks: a call goes on while one watches it. */
const LOOK_MS = 2_000;
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

type Entry = Wire<"RegisteredServer">;

/** It waits for its operator, as its line says already. */
function waits(entry: Entry | null): boolean {
  return entry !== null && ["off", "untrusted", "altered"].includes(entry.standing);
}

function dot(server: Wire<"Server">, entry: Entry | null): string {
  if (server.connected) return entry && entry.held > 0 ? "text-warn" : "text-ok";
  return waits(entry) ? "text-warn" : "text-bad";
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

/** What the operator has to do, or can try, on a row. */
function Act({ server, entry, test }: { server: Wire<"Server">; entry: Entry | null; test: Test }) {
  const { t } = useTranslation();
  const [trusting, setTrusting] = useState(false);
  const [authorizing, setAuthorizing] = useState(false);
  const launch = entry?.launch;
  if (entry && launch && (entry.standing === "untrusted" || entry.standing === "altered")) {
    return (
      <>
        <Button
          size="sm"
          aria-label={t("registry.reviewOf", { name: server.name })}
          onClick={() => setTrusting(true)}
        >
          {t("registry.review")}
        </Button>
        {trusting && (
          <TrustServer server={entry} launch={launch} onClose={() => setTrusting(false)} />
        )}
      </>
    );
  }
  if (entry && entry.standing !== "trusted") return null;
  // The dialog says how it went, also when nothing is asked for any more.
  if (entry && (authorizing || ASKS.includes(server.problem?.code ?? ""))) {
    return (
      <>
        <Button
          size="sm"
          aria-label={t("registry.auth.needs", { name: server.name })}
          onClick={() => setAuthorizing(true)}
        >
          {t("registry.auth.do")}
        </Button>
        {authorizing && (
          <Suspense fallback={null}>
            <Authorize name={server.name} onClose={() => setAuthorizing(false)} />
          </Suspense>
        )}
      </>
    );
  }
  return (
    <Button
      size="sm"
      busy={test.isPending}
      aria-label={t("connections.testServer", { name: server.name })}
      onClick={() => test.mutate({ params: { path: { server: server.name } } })}
    >
      {t(test.isPending ? "connect.testing" : "connections.test")}
    </Button>
  );
}

function useTest() {
  const { t } = useTranslation();
  return hooks.useMutation("post", "/api/v1/connections/servers/{server}/test", {
    onError: sayFailed(t("connect.failedToTest")),
  });
}
type Test = ReturnType<typeof useTest>;

/** Who takes reading calls of a server that cannot take them: others of its group that can. */
export function standInsOf(server: Wire<"Server">, all: Wire<"Server">[]): string[] {
  const can = (one: Wire<"Server">) => one.connected && one.interruption === null;
  if (!server.group || can(server)) return [];
  return all.filter((one) => one.group === server.group && can(one)).map((one) => one.name);
}

interface RowProps {
  server: Wire<"Server">;
  entry: Entry | null;
  standIns: string[];
}

function Row({ server, entry, standIns }: RowProps) {
  const { t } = useTranslation();
  const words = useTransportWords();
  const [open, setOpen] = useState(false);
  const mayTest = useMay("connection_write");
  const test = useTest();
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
          <Dot tone={dot(server, entry)} />
          <span className="min-w-0 flex-1">
            <b className="num block font-medium text-fg-strong">{server.name}</b>
            <span className="clip block text-12 text-fg-muted">
              {[
                t(server.connected ? "connections.connected" : "connections.down"),
                entry && t(`registry.standing.${entry.standing}`),
                words(server.transport),
                server.protocol && t("connections.protocol", { version: server.protocol }),
                server.group && t("registry.groupOf", { group: server.group }),
                server.stood_in > 0 && t("registry.stoodIn", { count: server.stood_in }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
          {entry && entry.held > 0 && (
            <Badge tone="bad">{t("registry.held", { count: entry.held })}</Badge>
          )}
          <Badge>{t("connections.toolCount", { count: server.tools })}</Badge>
        </button>
        {mayTest && <Act server={server} entry={entry} test={test} />}
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
      {server.problem &&
        !waits(entry) &&
        !(open && entry) &&
        !server.interruption &&
        server.problem.message !== tried?.problem && (
          <div className="px-3 pb-2.5">
            <Problem fault={server.problem} />
          </div>
        )}
      {server.interruption && (
        <div className="px-3 pb-2.5">
          <Interrupted by={server.interruption} />
        </div>
      )}
      <RunningCalls calls={server.running} />
      {standIns.length > 0 && (
        <p className="px-3 pb-2.5 text-12 text-fg-muted">
          {t("registry.standIn", { names: standIns.join(", ") })}
        </p>
      )}
      {open && !entry && <Tools server={server.name} />}
      {open && entry && (
        <Suspense fallback={null}>
          <Registered name={entry.name} connected={server.connected} mayChange={mayTest} />
        </Suspense>
      )}
    </li>
  );
}

export function Servers() {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/connections/servers", undefined, {
    refetchInterval: LOOK_MS,
  });
  const registry = hooks.useQuery("get", "/api/v1/connections/registry");
  const mayChange = useMay("connection_write");
  const [dialog, setDialog] = useState<"add" | "import" | null>(null);
  const entry = (name: string) => registry.data?.items.find((one) => one.name === name) ?? null;
  const close = () => setDialog(null);
  return (
    <Card
      title={t("connections.servers")}
      aside={
        mayChange ? (
          <>
            <Button size="sm" icon={FileDown} onClick={() => setDialog("import")}>
              {t("registry.import")}
            </Button>
            <Button size="sm" icon={Plus} onClick={() => setDialog("add")}>
              {t("registry.add")}
            </Button>
          </>
        ) : (
          t("connections.serversText")
        )
      }
    >
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
                <Row
                  key={server.name}
                  server={server}
                  entry={entry(server.name)}
                  standIns={waits(entry(server.name)) ? [] : standInsOf(server, items)}
                />
              ))}
            </ul>
          )
        }
      </Await>
      {dialog === "add" && <ServerForm onClose={close} />}
      {dialog === "import" && <ImportServers onClose={close} />}
    </Card>
  );
}

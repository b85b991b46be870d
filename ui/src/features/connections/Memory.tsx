// How memory fares: where it is kept, who embeds, how much there is, and what went wrong last.
import { Brain } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Tried } from "@/shared/connect/Tried";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card, CardBody } from "@/shared/parts/Card";
import { FaultWords } from "@/shared/parts/FaultWords";
import { Icon } from "@/shared/parts/Icon";
import { KeyValue } from "@/shared/parts/KeyValue";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { useMay } from "@/shared/session/useMe";

type Connection = Wire<"MemoryConnection">;

const BACKENDS = ["embedded", "weaviate"] as const;

function useBackendWords(): (backend: string) => string {
  const { t } = useTranslation();
  return (backend) => {
    const known = BACKENDS.find((one) => one === backend);
    return known ? t(`memories.card.backend.${known}`) : backend;
  };
}

function Count({ memories, embedded }: Connection) {
  const { t } = useTranslation();
  if (memories === null) return t("memories.card.notCounted");
  if (embedded === null) return String(memories);
  return t("memories.card.embedded", { memories, embedded });
}

function Last({ last_problem: last }: Connection) {
  const { t } = useTranslation();
  if (last === null) return t("memories.card.none");
  return (
    <>
      <RelativeTime at={last.at} />
      <br />
      <FaultWords code={last.fault.code} message={last.fault.message} />
    </>
  );
}

function Over({ grpc_address: address }: Connection) {
  const { t } = useTranslation();
  return address === null ? t("memories.card.rest") : t("memories.card.grpc", { address });
}

function Standing({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const words = useBackendWords();
  const { backend, address, never_run_live, embedder, finds_by, problem } = connection;
  return (
    <CardBody className="flex flex-col gap-2.5">
      <h3 className="flex flex-wrap items-center gap-1.5 font-semibold text-15 text-fg-strong">
        <Icon of={Brain} />
        {words(backend)}
        <Badge tone={finds_by === "words" ? "outline" : "info"}>
          {t(`memories.finds.${finds_by}`)}
        </Badge>
        {never_run_live && <Badge tone="warn">{t("memories.card.never")}</Badge>}
      </h3>
      <p className="text-12 text-fg-muted">
        {never_run_live ? t("memories.card.neverText") : t(`memories.findsHint.${finds_by}`)}
      </p>
      <KeyValue
        rows={[
          ...(address === null
            ? []
            : [
                [t("memories.card.address"), address] as const,
                [t("memories.card.over"), <Over key="over" {...connection} />] as const,
              ]),
          [t("memories.card.embedder"), embedder ?? t("memories.card.noEmbedder")],
          [t("memories.card.count"), <Count key="count" {...connection} />],
          // What is wrong now stands below, with what to do.
          ...(problem
            ? []
            : [[t("memories.card.last"), <Last key="last" {...connection} />] as const]),
        ]}
      />
      {problem && (
        <Callout tone="warn">
          <FaultWords code={problem.code} message={problem.message} />
        </Callout>
      )}
    </CardBody>
  );
}

export function Memory() {
  const { t } = useTranslation();
  const mayTest = useMay("connection_write");
  const query = hooks.useQuery("get", "/api/v1/connections/memory");
  const test = hooks.useMutation("post", "/api/v1/connections/memory/test", {
    onError: sayFailed(t("connect.failedToTest")),
  });
  const tried = test.data;
  return (
    <Card
      title={t("memories.card.title")}
      aside={
        mayTest && (
          <Button
            size="sm"
            busy={test.isPending}
            aria-label={t("memories.card.test")}
            onClick={() => test.mutate({})}
          >
            {t(test.isPending ? "memories.card.testing" : "connections.test")}
          </Button>
        )
      }
    >
      <Await query={query} failed={t("memories.card.failed")}>
        {(connection) => <Standing connection={connection} />}
      </Await>
      {tried && (
        <div className="px-3 pb-3">
          <Tried
            ok={tried.ok}
            title={t(tried.ok ? "connect.works" : "connect.worksNot")}
            tookMs={tried.took_ms}
          >
            {tried.message} {tried.problem}
          </Tried>
        </div>
      )}
    </Card>
  );
}

// How the chain over the audit log stands, on one line; opened, what the last check found.
import { useMutation } from "@tanstack/react-query";
import { ChevronDown, ChevronRight, Download, ShieldCheck } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { inWindow, saveAudit } from "@/ipc/windowTransport";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Await } from "@/shared/parts/Await";
import { Button, buttonClass } from "@/shared/parts/Button";
import { Icon } from "@/shared/parts/Icon";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";
import { useMay } from "@/shared/session/useMe";
import { ChainDetails } from "./ChainDetails";
import { Standing } from "./Standing";

type Chain = Wire<"AuditChain">;

/** While a check is under way, while records wait to be sealed, and otherwise. */
const LOOK_MS = { checking: 500, waiting: 2_000, resting: 30_000 };

function pause(chain: Chain | undefined): number {
  if (chain?.checking) return LOOK_MS.checking;
  return chain && chain.unsealed > 0 ? LOOK_MS.waiting : LOOK_MS.resting;
}

/** The parts of the line, said in their order. */
function useSaid(chain: Chain): readonly (readonly [string, ReactNode])[] {
  const { t } = useTranslation();
  const count = (value: number) => formatCount(value, formatLocale());
  const { sealed, unsealed, sealing, anchoring, checking, last_check: last } = chain;
  const said: (readonly [string, ReactNode])[] = [
    ["sealed", t("audit.chain.sealed", { count: sealed })],
    ["sealing", t(`audit.chain.sealing.${sealing.state}`)],
  ];
  if (unsealed > 0) said.push(["waiting", t("audit.chain.waiting", { count: unsealed })]);
  const kept = anchoring?.problem ? "keepingFails" : anchoring ? "kept" : "notKept";
  said.push(["kept", t(`audit.chain.${kept}`)]);
  if (checking) {
    const [walked, all] = [count(checking.walked), count(checking.all)];
    said.push(["progress", t("audit.chain.progress", { walked, all })]);
  } else if (last) {
    said.push([
      "checked",
      <span key="checked">
        {t("audit.chain.checked")} <RelativeTime at={last.ended_at} />
      </span>,
    ]);
  }
  return said;
}

function Verify({ checking }: { checking: boolean }) {
  const { t } = useTranslation();
  const { mutate, isPending } = hooks.useMutation("post", "/api/v1/audit/chain/verify", {
    onError: sayFailed(t("audit.chain.verifyFailed")),
  });
  return (
    <Button size="sm" icon={ShieldCheck} busy={checking || isPending} onClick={() => mutate({})}>
      {t("audit.chain.verify")}
    </Button>
  );
}

/** The window has no downloads of its own: the export is written where the person's others lie. */
function Save() {
  const { t } = useTranslation();
  const { mutate, isPending } = useMutation({
    mutationFn: saveAudit,
    onSuccess: (path) => say({ tone: "done", title: t("audit.chain.saved"), text: path }),
    onError: sayFailed(t("audit.chain.saveFailed")),
  });
  return (
    <Button size="sm" icon={Download} busy={isPending} onClick={() => mutate()}>
      {t("audit.chain.export")}
    </Button>
  );
}

function Strip({ chain }: { chain: Chain }) {
  const { t } = useTranslation();
  const details = useId();
  const mayVerify = useMay("audit_verify");
  const [toggled, setToggled] = useState<boolean | null>(null);
  const { sealing, last_check: last } = chain;
  // What is wrong is not hidden behind a click.
  const wrong = last?.report?.standing === "broken" || sealing.state === "stopped";
  const open = toggled ?? wrong;
  const said = useSaid(chain);
  return (
    <>
      <div className="flex min-h-9 flex-wrap items-center gap-x-2.5 gap-y-1 px-4 py-1 text-12">
        <Standing check={last} />
        <p className="flex min-w-0 flex-wrap items-center gap-x-3 text-fg-muted" role="status">
          {said.map(([key, words]) => (
            <span key={key}>{words}</span>
          ))}
        </p>
        <div className="ml-auto flex items-center gap-1.5">
          <Button
            size="sm"
            tone="quiet"
            icon={open ? ChevronDown : ChevronRight}
            aria-expanded={open}
            aria-controls={details}
            onClick={() => setToggled(!open)}
          >
            {t("audit.chain.details")}
          </Button>
          {mayVerify && <Verify checking={chain.checking !== null} />}
          {inWindow() ? (
            <Save />
          ) : (
            <a href="/api/v1/audit/export" download className={buttonClass("plain", "sm")}>
              <Icon of={Download} size="sm" />
              {t("audit.chain.export")}
            </a>
          )}
        </div>
      </div>
      <div id={details} hidden={!open} className="max-h-[40vh] overflow-y-auto">
        {open && <ChainDetails chain={chain} />}
      </div>
    </>
  );
}

export function ChainStrip() {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/audit/chain", undefined, {
    refetchInterval: ({ state }) => pause(state.data),
  });
  return (
    <section
      aria-label={t("audit.chain.name")}
      className="flex flex-none flex-col border-line border-b bg-raised"
    >
      <Await query={query} failed={t("audit.chain.failed")} rows={1} className="px-4 py-1.5">
        {(chain) => <Strip chain={chain} />}
      </Await>
    </section>
  );
}

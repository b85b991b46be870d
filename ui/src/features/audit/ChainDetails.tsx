// What the last check of the audit log found, and what it could not know.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { formatCount } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Badge } from "@/shared/parts/Badge";
import { Callout } from "@/shared/parts/Callout";
import { FaultWords } from "@/shared/parts/FaultWords";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";
import { RelativeTime } from "@/shared/parts/RelativeTime";

type Report = Wire<"ChainReport">;
type Finding = Wire<"ChainFinding">;
type Row = readonly [string, ReactNode];

function useVerdict(report: Report): string {
  const { t } = useTranslation();
  const { standing, anchored_to: to, sealed } = report;
  if (standing === "anchored" && to !== null && to < sealed) {
    return t("audit.chain.standingText.anchoredTo", { number: formatCount(to, formatLocale()) });
  }
  return t(`audit.chain.standingText.${standing}`);
}

function integrityOf({ intact, sealed }: Report) {
  if (!intact) return "audit.chain.altered";
  return sealed > 0 ? "audit.chain.intact" : "audit.chain.unproven";
}

function useRows(chain: Wire<"AuditChain">, report: Report): readonly Row[] {
  const { t } = useTranslation();
  const check = chain.last_check;
  const checkpoints = formatCount(report.checkpoints, formatLocale());
  const rows: Row[] = [
    [t("audit.chain.integrity"), t(integrityOf(report))],
    [
      t("audit.chain.completeness"),
      t(report.complete ? "audit.chain.complete" : "audit.chain.incomplete"),
    ],
    [t("audit.chain.covers"), t("audit.chain.coversText", { count: report.sealed, checkpoints })],
    [
      t("audit.chain.signedBy"),
      report.key ? (
        <span key="key">
          <span className="num">{report.key}</span>
          <br />
          {t(report.key_trusted ? "audit.chain.trusted" : "audit.chain.untrusted")}
        </span>
      ) : (
        t("audit.chain.unsigned")
      ),
    ],
  ];
  if (report.pruned) {
    const { records, up_to: upTo, kept, rule, at, key } = report.pruned;
    rows.push([
      t("audit.chain.pruned"),
      <span key="pruned">
        {t("audit.chain.prunedText", {
          count: records,
          upTo: formatCount(upTo, formatLocale()),
          kept: formatCount(kept, formatLocale()),
          rule,
          signer: `${key.slice(0, 16)}…`,
        })}{" "}
        <RelativeTime at={at} className="text-fg-muted" />
      </span>,
    ]);
  }
  if (report.sealed_late > 0) {
    rows.push([t("audit.chain.late"), t("audit.chain.lateText", { count: report.sealed_late })]);
  }
  if (check) {
    rows.push([
      t("audit.chain.askedBy"),
      <span key="by">
        {check.by.name ?? check.by.id}{" "}
        <RelativeTime at={check.begun_at} className="text-fg-muted" />
      </span>,
    ]);
  }
  return rows;
}

/** Where checkpoints are kept, whether or not anybody has looked. */
function useElsewhere({ anchoring }: Wire<"AuditChain">): Row {
  const { t } = useTranslation();
  const words = anchoring
    ? t("audit.chain.elsewhereIn", { file: anchoring.file })
    : t("audit.chain.elsewhereOff");
  return [t("audit.chain.elsewhere"), <HiddenText key="elsewhere">{words}</HiddenText>];
}

function Found({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  const number = (value: number | null) =>
    value === null ? "" : formatCount(value, formatLocale());
  const words = t(`audit.chain.finding.${finding.kind}`, {
    number: number(finding.number),
    to: number(finding.to),
  });
  const key = [finding.record ?? finding.key ?? finding.id, finding.what].filter(Boolean).join(" ");
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 border-line border-b py-1 text-12 last:border-b-0">
      <Badge tone="bad">
        {t(`audit.chain.findingKind.${finding.missing ? "missing" : "altered"}`)}
      </Badge>
      <span className="text-fg-strong">{words}</span>
      {key && (
        <span className="num text-11 text-fg-muted [overflow-wrap:anywhere]">
          <HiddenText>{key}</HiddenText>
        </span>
      )}
    </li>
  );
}

function Findings({ report }: { report: Report }) {
  const { t } = useTranslation();
  const more = report.findings_total - report.findings.length;
  if (report.findings_total === 0) return null;
  return (
    <section>
      <h2 className="mb-1 font-semibold text-12 text-fg-strong">{t("audit.chain.findings")}</h2>
      <ul aria-label={t("audit.chain.findings")}>
        {report.findings.map((finding) => (
          <Found key={JSON.stringify(finding)} finding={finding} />
        ))}
      </ul>
      {more > 0 && (
        <p className="text-12 text-fg-muted">{t("audit.chain.more", { count: more })}</p>
      )}
    </section>
  );
}

function Checked({ chain, report }: { chain: Wire<"AuditChain">; report: Report }) {
  const verdict = useVerdict(report);
  const rows = [...useRows(chain, report), useElsewhere(chain)];
  return (
    <>
      <p className={report.standing === "broken" ? "text-13 text-bad" : "text-13 text-fg"}>
        {verdict}
      </p>
      <Findings report={report} />
      <KeyValue rows={rows} />
    </>
  );
}

export function ChainDetails({ chain }: { chain: Wire<"AuditChain"> }) {
  const { t } = useTranslation();
  const elsewhere = useElsewhere(chain);
  const check = chain.last_check;
  const problems = [
    chain.sealing.problem,
    chain.anchoring?.problem,
    ...(check?.problems ?? []),
  ].filter((problem) => problem !== null && problem !== undefined);
  return (
    <div className="flex flex-col gap-2.5 px-4 pt-1 pb-3">
      {problems.map(({ code, message }) => (
        <Callout
          key={`${code} ${message}`}
          tone={code === "KEYCHAIN_SWITCHED_OFF" ? "info" : "warn"}
        >
          <FaultWords code={code} message={message} />
        </Callout>
      ))}
      {check?.report ? (
        <Checked chain={chain} report={check.report} />
      ) : (
        <>
          <p className="text-13 text-fg">
            {t(check ? "audit.chain.checkFailed" : "audit.chain.noCheck")}
          </p>
          <KeyValue rows={[elsewhere]} />
        </>
      )}
      {check !== null && check.unreadable_anchors > 0 && (
        <p className="text-12 text-fg-muted">
          {t("audit.chain.unreadable", { count: check.unreadable_anchors })}
        </p>
      )}
    </div>
  );
}

// Where each part of an item came from: its sentences, what the action is aimed at, and everything that was in the context
// in which it was written. Labels are by context: a sentence that repeats nobody may come from any of them all the same.
import { LockKeyhole } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Section } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { OriginLabel, ProvenanceTable } from "@/shared/parts/Provenance";
import { DegradedState } from "@/shared/parts/States";
import { aimsOf, edgeOf, labelled } from "./flow";
import { hostOf } from "./model";

type Provenance = Wire<"Provenance">;

function LabelLine({ label }: { label: Wire<"Label"> }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-12">
      <OriginLabel origin={edgeOf(label)}>{t(`flow.via.${label.via}`)}</OriginLabel>
      <span className="min-w-0 flex-1 text-fg-muted [overflow-wrap:anywhere]">
        <HiddenText>{label.name}</HiddenText>
      </span>
      {label.private !== null && (
        <span className="flex flex-none items-center gap-1 text-11 text-warn">
          <Icon of={LockKeyhole} size="xs" />
          {t(`flow.private.${label.private}`)}
        </span>
      )}
    </li>
  );
}

function Sentences({ of }: { of: Provenance }) {
  const { t } = useTranslation();
  const { untrusted } = labelled(of);
  return (
    <ol className="flex flex-col gap-1.5">
      {of.sentences.map((sentence) => (
        <li key={sentence.text} className="text-12">
          <p className="[overflow-wrap:anywhere]">
            <HiddenText>{sentence.text}</HiddenText>
          </p>
          <p className="text-11 text-taint [overflow-wrap:anywhere]">
            {sentence.repeats.length > 0
              ? t("flow.repeats", { names: sentence.repeats.map(hostOf).join(", ") })
              : untrusted > 0 && t("flow.inPart", { count: untrusted })}
          </p>
        </li>
      ))}
    </ol>
  );
}

function Known({ provenance }: { provenance: Provenance }) {
  const { t } = useTranslation();
  const aims = aimsOf(provenance);
  return (
    <>
      <Sentences of={provenance} />
      {aims.rows.length > 0 && (
        <>
          <h3 className="mt-2.5 mb-1 text-11 text-fg-muted">{t("flow.aimed")}</h3>
          <ProvenanceTable
            rows={aims.rows.map((row) => ({
              name: row.name,
              value: (
                <span title={row.value}>
                  <HiddenText>{row.value}</HiddenText>
                </span>
              ),
              origin: row.origin,
              source: t(`flow.via.${row.via}`),
            }))}
          />
          {aims.byHost > 0 && (
            <p className="mt-1 text-11 text-fg-muted">{t("flow.byHost", { count: aims.byHost })}</p>
          )}
        </>
      )}
      <h3 className="mt-2.5 mb-1 text-11 text-fg-muted">{t("flow.context")}</h3>
      <ul className="flex flex-col gap-1">
        {provenance.labels.map((label) => (
          <LabelLine key={`${label.via} ${label.name} ${label.private ?? ""}`} label={label} />
        ))}
      </ul>
    </>
  );
}

/** What may have flowed into the item, and what it is aimed at. */
export function Flow({ provenance }: { provenance: Provenance | null }) {
  const { t } = useTranslation();
  const { untrusted, kept } = labelled(provenance);
  return (
    <Section title={t("flow.title")} aside={provenance && t("flow.aside", { untrusted, kept })}>
      {provenance ? (
        <Known provenance={provenance} />
      ) : (
        <DegradedState title={t("flow.unknown")}>{t("flow.unknownText")}</DegradedState>
      )}
    </Section>
  );
}

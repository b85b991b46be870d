// Two versions compared: first what changed in meaning, field by field, then line by line.
import { clsx } from "clsx";
import { ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { Select } from "@/shared/parts/Select";
import { WordDiff } from "@/shared/parts/WordDiff";
import { fieldWords } from "./fieldWords";
import { foldedLines } from "./foldedLines";

type Change = Wire<"FieldChange">;

function ListChange({ change }: { change: Change }) {
  const { t } = useTranslation();
  return (
    <ul className="flex flex-col gap-0.5">
      {change.removed.map((item) => (
        <li key={`- ${item}`}>
          <del>
            <span className="sr-only">{t("parts.diff.removed")}</span>
            <HiddenText>{item}</HiddenText>
          </del>
        </li>
      ))}
      {change.added.map((item) => (
        <li key={`+ ${item}`}>
          <ins>
            <span className="sr-only">{t("parts.diff.added")}</span>
            <HiddenText>{item}</HiddenText>
          </ins>
        </li>
      ))}
      {change.reordered && <li className="text-fg-muted">{t("personas.compare.reordered")}</li>}
    </ul>
  );
}

function Meaning({ fields }: { fields: readonly Change[] }) {
  const { t } = useTranslation();
  return (
    <dl className="grid grid-cols-[100px_minmax(0,1fr)] gap-x-3 gap-y-2.5">
      {fields.map((change) => {
        const text = change.before !== null || change.after !== null;
        return (
          <div key={change.field} className="contents">
            <dt className="text-12 text-fg-muted leading-5">{fieldWords(t, change.field)}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">
              {text ? (
                <WordDiff before={change.before ?? ""} after={change.after ?? ""} />
              ) : (
                <ListChange change={change} />
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const SIGNS = { same: " ", added: "+", removed: "−" } as const;
const LOOKS = {
  same: "text-fg-muted",
  added: "bg-diff-add-bg text-diff-add-fg",
  removed: "bg-diff-del-bg text-diff-del-fg",
} as const;

function Lines({ lines }: { lines: readonly Wire<"DiffLine">[] }) {
  const { t } = useTranslation();
  return (
    <pre className="overflow-x-auto rounded-8 border border-line py-1.5 font-mono text-12 leading-5">
      {foldedLines(lines).map((line) =>
        line.kind === "fold" ? (
          <div key={line.at} className="bg-surface px-3 text-fg-muted">
            {t("personas.compare.folded", { count: line.count })}
          </div>
        ) : (
          <div key={line.at} className={clsx("whitespace-pre-wrap px-3", LOOKS[line.kind])}>
            <span aria-hidden className="mr-2 inline-block w-2 select-none">
              {SIGNS[line.kind]}
            </span>
            {line.kind !== "same" && (
              <span className="sr-only">{t(`parts.diff.${line.kind}`)}</span>
            )}
            <HiddenText>{line.text}</HiddenText>
          </div>
        ),
      )}
    </pre>
  );
}

export interface CompareProps {
  agent: string;
  versions: readonly Wire<"PersonaVersionRow">[];
  from: number;
  to: number;
  onChoose: (from: number, to: number) => void;
}

export function Compare({ agent, versions, from, to, onChoose }: CompareProps) {
  const { t } = useTranslation();
  const enabled = versions.length > 1;
  const query = hooks.useQuery(
    "get",
    "/api/v1/personas/{agent}/diff",
    { params: { path: { agent }, query: { from, to } } },
    { enabled },
  );
  if (!enabled) return <p className="p-4 text-fg-muted">{t("personas.compare.one")}</p>;
  const items = versions.map(({ number }) => ({
    value: String(number),
    label: t("personas.version", { number }),
  }));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-none items-center gap-2 border-line border-b px-4 py-2">
        <Select
          label={t("personas.compare.from")}
          items={items}
          value={String(from)}
          onChange={(next) => onChoose(Number(next), to)}
          className="w-20"
        />
        <Icon of={ArrowRight} size="sm" className="text-fg-muted" />
        <Select
          label={t("personas.compare.to")}
          items={items}
          value={String(to)}
          onChange={(next) => onChoose(from, Number(next))}
          className="w-20"
        />
      </div>
      <Await query={query} failed={t("personas.failed.diff")} className="p-4">
        {({ fields, lines }) => (
          <section
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
            tabIndex={0}
            aria-label={t("personas.view.compare")}
            className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto p-4 focus-visible:-outline-offset-2"
          >
            <section>
              <h2 className="mb-2 font-semibold text-fg-strong">{t("personas.compare.meaning")}</h2>
              {fields.length === 0 ? (
                <p className="text-fg-muted">{t("personas.compare.same")}</p>
              ) : (
                <Meaning fields={fields} />
              )}
            </section>
            <section>
              <h2 className="mb-2 font-semibold text-fg-strong">{t("personas.compare.lines")}</h2>
              <Lines lines={lines} />
            </section>
          </section>
        )}
      </Await>
    </div>
  );
}

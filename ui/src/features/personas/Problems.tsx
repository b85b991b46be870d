// What the linter says of the text as it stands, each with its place and what to write instead.
import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Icon } from "@/shared/parts/Icon";
import { DegradedState, EmptyState, LoadingState } from "@/shared/parts/States";
import type { Lint } from "./useLint";

export interface ProblemsProps {
  lint: Lint;
  onGoTo: (problem: Wire<"SoulDiagnostic">) => void;
}

export function Problems({ lint, onGoTo }: ProblemsProps) {
  const { t } = useTranslation();
  const { report, failed } = lint;
  if (failed !== null) {
    return (
      <div className="p-3.5">
        <DegradedState title={t("personas.lint.failed")}>{failed}</DegradedState>
      </div>
    );
  }
  if (report === null) {
    return (
      <div className="p-3.5">
        <LoadingState rows={2} />
      </div>
    );
  }
  if (report.diagnostics.length === 0) {
    return (
      <EmptyState
        icon={CircleCheck}
        title={t("personas.lint.clean")}
        text={t("personas.lint.cleanText")}
      />
    );
  }
  return (
    <ol aria-busy={lint.stale}>
      {report.diagnostics.map((problem) => {
        const error = problem.severity === "error";
        const { line, column } = problem;
        return (
          <li key={`${problem.code} ${line} ${column}`} className="border-line border-b">
            <button
              type="button"
              title={t("personas.lint.goTo", { line })}
              onClick={() => onGoTo(problem)}
              className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] gap-2 px-3.5 py-2 text-left text-12 hover:bg-hover focus-visible:-outline-offset-2"
            >
              <Icon
                of={error ? CircleX : TriangleAlert}
                size="sm"
                className={error ? "mt-px text-bad" : "mt-px text-warn"}
              />
              <span className="[overflow-wrap:anywhere]">
                <span className="block text-fg-strong">{problem.message}</span>
                <span className="block text-fg-muted">{problem.fix}</span>
              </span>
              <span className="num text-11 text-fg-muted">
                {t("personas.lint.place", { line, column })}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

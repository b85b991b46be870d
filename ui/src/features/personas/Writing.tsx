// The frame of writing a SOUL.md: the text with what is wrong in it, and beside it what it says.
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { useKey } from "@/shared/keys/useKey";
import { TextEditor } from "@/shared/parts/editor/TextEditor";
import { Panes } from "@/shared/parts/Panes";
import { Tabs } from "@/shared/parts/Tabs";
import { Fields } from "./Fields";
import { Problems } from "./Problems";
import type { Lint } from "./useLint";

export type SideTab = "fields" | "problems" | "versions";

export interface WritingProps {
  text: string;
  onText: (text: string) => void;
  readOnly: boolean;
  lint: Lint;
  /** What is stored, if anything is. */
  persona: Wire<"Persona"> | null;
  dirty: boolean;
  /** A text whose differences are marked in the own one. */
  against: string | null;
  /** Over the text: refusals and conflicts. */
  above: ReactNode;
  /** In place of the text. */
  instead: ReactNode;
  versions: { count: number; panel: ReactNode } | null;
  onSave: () => void;
}

export function Writing(props: WritingProps) {
  const { text, onText, readOnly, lint, persona, dirty, against, above, instead, versions } = props;
  const { t } = useTranslation();
  const [tab, setTab] = useState<SideTab>(persona === null ? "problems" : "fields");
  const [place, setPlace] = useState<{ line: number; column: number } | null>(null);
  const found = lint.report?.diagnostics;
  useKey("save", props.onSave, !readOnly);
  const tabs = [
    {
      value: "fields" as const,
      label: t("personas.tab.fields"),
      panel: (
        <Fields
          persona={persona}
          dirty={dirty}
          lint={lint}
          text={text}
          onText={readOnly || instead !== null ? null : onText}
        />
      ),
    },
    {
      value: "problems" as const,
      label: t("personas.tab.problems"),
      ...(found ? { count: String(found.length) } : {}),
      panel: <Problems lint={lint} onGoTo={({ line, column }) => setPlace({ line, column })} />,
    },
    ...(versions
      ? [
          {
            value: "versions" as const,
            label: t("personas.tab.versions"),
            count: String(versions.count),
            panel: versions.panel,
          },
        ]
      : []),
  ];
  return (
    <Panes
      id="persona"
      right={{
        name: t("personas.side"),
        width: 380,
        narrow: 320,
        min: 260,
        max: 620,
        children: (
          <div className="flex min-h-0 flex-1 flex-col bg-surface">
            <Tabs label={t("personas.side")} tabs={tabs} value={tab} onChange={setTab} />
          </div>
        ),
      }}
    >
      {above}
      {instead ?? (
        <TextEditor
          language="markdown"
          label={t("personas.editor")}
          value={text}
          onChange={onText}
          readOnly={readOnly}
          goTo={place}
          className="flex-1"
          {...(found ? { problems: found } : {})}
          {...(against === null ? {} : { against })}
        />
      )}
    </Panes>
  );
}

// One persona: its SOUL.md as text, what it says, and every version of it.
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, hooks, ifMatch, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { at } from "@/shared/addresses";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Segmented } from "@/shared/parts/Segmented";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";
import { useMay } from "@/shared/session/useMe";
import { Compare } from "./Compare";
import { Memories } from "./memories/Memories";
import { SaveRefusal } from "./SaveRefusal";
import { useLint } from "./useLint";
import { type Drafting, useDraft, usePersona, useVersions } from "./usePersona";
import { Versions } from "./Versions";
import { Writing } from "./Writing";

function Up() {
  const { t } = useTranslation();
  return (
    <Link to={at.persona() as string} className="hover:text-fg-strong">
      {t("frame.room.personas")}
    </Link>
  );
}

export function EditPersona({ agent }: { agent: string }) {
  const { t } = useTranslation();
  const query = usePersona(agent);
  if (query.data) return <Loaded key={agent} persona={query.data} />;
  return (
    <Room above={<Up />} title={t("frame.room.personas")}>
      <Await query={query} failed={t("personas.failed.one")} rows={5} className="p-4">
        {() => null}
      </Await>
    </Room>
  );
}

function Conflict({ persona, drafting }: { persona: Wire<"Persona">; drafting: Drafting }) {
  const { t } = useTranslation();
  const { author, number } = persona;
  return (
    <div role="alert" className="flex-none p-2.5">
      <Callout
        tone="warn"
        actions={
          <>
            <Button size="sm" onClick={drafting.rebase}>
              {t("personas.conflict.mine", { number })}
            </Button>
            <Button size="sm" tone="quiet" onClick={drafting.drop}>
              {t("personas.conflict.theirs")}
            </Button>
          </>
        }
      >
        <b className="font-semibold text-fg-strong">
          {t("personas.conflict.title", { number, author })}
        </b>
        {". "}
        {t("personas.conflict.text")}
      </Callout>
    </div>
  );
}

function Loaded({ persona }: { persona: Wire<"Persona"> }) {
  const { t } = useTranslation();
  const { agent, current, fields } = persona;
  const may = useMay("persona_write");
  const drafting = useDraft(persona);
  const { draft, text, dirty, conflict } = drafting;
  const lint = useLint(text);
  const versions = useVersions(agent);
  const [view, setView] = useState<"text" | "compare" | "memory">("text");
  const [pair, setPair] = useState<{ from: number; to: number } | null>(null);
  const saving = hooks.useMutation("put", "/api/v1/personas/{agent}");

  const invalid = !lint.stale && lint.report?.valid === false;
  const ready = may && dirty && !conflict && !invalid && !saving.isPending;
  const save = () => {
    if (!ready) return;
    const params = { path: { agent }, header: ifMatch(draft.base.version) };
    saving.mutate(
      { params, body: { soul: text } },
      {
        onSuccess: (saved) => {
          drafting.saved(saved, text);
          say({ tone: "done", title: t("personas.done.saved", { number: saved.number }) });
        },
      },
    );
  };
  const restore = async (number: number) => {
    try {
      const path = { agent, number };
      const found = await client.GET("/api/v1/personas/{agent}/versions/{number}", {
        params: { path },
      });
      if (found.data) drafting.write(found.data.source);
      setView("text");
    } catch (thrown) {
      sayFailed(t("personas.failed.versions"))(thrown);
    }
  };
  const rows = versions.data?.items ?? [];
  const shown = pair ?? { from: Math.max(1, current - 1), to: current };

  return (
    <Room
      above={<Up />}
      title={<HiddenText>{fields.name}</HiddenText>}
      beside={
        <>
          <Badge tone="outline">{t("personas.version", { number: current })}</Badge>
          {dirty && <Badge tone="warn">{t("personas.unsaved")}</Badge>}
        </>
      }
      aside={
        <>
          <Segmented
            label={t("personas.view.label")}
            segments={[
              { value: "text", label: t("personas.view.text") },
              { value: "compare", label: t("personas.view.compare") },
              { value: "memory", label: t("memories.view") },
            ]}
            value={view}
            onChange={setView}
          />
          {!may && <span>{t("personas.readOnly")}</span>}
          {dirty && (
            <Button tone="quiet" onClick={drafting.drop}>
              {t("personas.discard")}
            </Button>
          )}
          {may && (
            <Button
              tone="primary"
              action="save"
              disabled={!ready && !saving.isPending}
              busy={saving.isPending}
              onClick={save}
            >
              {t("personas.save", { number: current + 1 })}
            </Button>
          )}
        </>
      }
    >
      <Writing
        text={text}
        onText={drafting.write}
        readOnly={!may}
        lint={lint}
        persona={persona}
        dirty={dirty}
        against={conflict ? persona.source : null}
        above={
          <>
            {saving.error && <SaveRefusal error={asApiError(saving.error)} what="save" />}
            {conflict && <Conflict persona={persona} drafting={drafting} />}
          </>
        }
        instead={
          view === "memory" ? (
            <Memories agent={agent} />
          ) : view === "compare" ? (
            <Compare
              agent={agent}
              versions={rows}
              {...shown}
              onChoose={(from, to) => setPair({ from, to })}
            />
          ) : null
        }
        versions={{
          count: rows.length,
          panel: (
            <Await query={versions} failed={t("personas.failed.versions")}>
              {({ items }) => (
                <Versions
                  versions={items}
                  onRestore={may ? (number) => void restore(number) : null}
                  onCompare={(number) => {
                    setPair({ from: number, to: current });
                    setView("compare");
                  }}
                />
              )}
            </Await>
          ),
        }}
        onSave={save}
      />
    </Room>
  );
}

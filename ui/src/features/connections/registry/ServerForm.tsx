// Adds a server, or changes one. Neither starts anything that nobody has trusted.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { Segmented } from "@/shared/parts/Segmented";
import { TextArea, TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";
import {
  badHeader,
  badLine,
  draftOf,
  EMPTY,
  isWhole,
  type Kind,
  type ProgramDraft,
  programOf,
} from "./programDraft";

const NAME_MAX = 64;
const VERSION_MAX = 120;

interface FieldsProps {
  draft: ProgramDraft;
  onChange: (next: ProgramDraft) => void;
}

function Program({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const bad = badLine(draft.env);
  return (
    <>
      <Field label={t("registry.command")} hint={t("registry.commandHint")}>
        <TextInput
          mono
          spellCheck={false}
          value={draft.command}
          onChange={(event) => onChange({ ...draft, command: event.target.value })}
        />
      </Field>
      <Field label={t("registry.args")} hint={t("registry.argsHint")}>
        <TextArea
          className="num"
          spellCheck={false}
          rows={3}
          value={draft.args}
          onChange={(event) => onChange({ ...draft, args: event.target.value })}
        />
      </Field>
      <Field label={t("registry.cwd")} hint={t("registry.cwdHint")}>
        <TextInput
          mono
          spellCheck={false}
          value={draft.cwd}
          onChange={(event) => onChange({ ...draft, cwd: event.target.value })}
        />
      </Field>
      <Field
        label={t("registry.env")}
        hint={t("registry.envHint")}
        error={bad === null ? undefined : t("registry.envBad", { line: bad })}
      >
        <TextArea
          className="num"
          spellCheck={false}
          rows={2}
          value={draft.env}
          onChange={(event) => onChange({ ...draft, env: event.target.value })}
        />
      </Field>
    </>
  );
}

function Address({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const bad = badHeader(draft.headers);
  return (
    <>
      <Field label={t("registry.url")} hint={t("registry.urlHint")}>
        <TextInput
          mono
          spellCheck={false}
          value={draft.url}
          onChange={(event) => onChange({ ...draft, url: event.target.value })}
        />
      </Field>
      <Field
        label={t("registry.headers")}
        hint={t("registry.headersHint")}
        error={bad === null ? undefined : t("registry.headersBad", { line: bad })}
      >
        <TextArea
          className="num"
          spellCheck={false}
          rows={2}
          value={draft.headers}
          onChange={(event) => onChange({ ...draft, headers: event.target.value })}
        />
      </Field>
    </>
  );
}

function Common({ draft, fixedName, onChange }: FieldsProps & { fixedName: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t("registry.group")} hint={t("registry.groupHint")}>
        <TextInput
          mono
          spellCheck={false}
          maxLength={NAME_MAX}
          value={draft.group}
          onChange={(event) => onChange({ ...draft, group: event.target.value })}
        />
      </Field>
      {fixedName && (
        <Field label={t("registry.version")} hint={t("registry.versionHint")}>
          <TextInput
            mono
            spellCheck={false}
            maxLength={VERSION_MAX}
            value={draft.version}
            onChange={(event) => onChange({ ...draft, version: event.target.value })}
          />
        </Field>
      )}
    </>
  );
}

function Fields({ draft, fixedName, onChange }: FieldsProps & { fixedName: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {!fixedName && (
        <Field label={t("registry.name")} hint={t("registry.nameHint")}>
          <TextInput
            mono
            autoFocus
            spellCheck={false}
            maxLength={NAME_MAX}
            value={draft.name}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
        </Field>
      )}
      <div>
        <Segmented<Kind>
          label={t("registry.kind")}
          value={draft.kind}
          onChange={(kind) => onChange({ ...draft, kind })}
          segments={[
            { value: "program", label: t("registry.kindProgram") },
            { value: "address", label: t("registry.kindAddress") },
          ]}
        />
      </div>
      {draft.kind === "address" ? (
        <Address draft={draft} onChange={onChange} />
      ) : (
        <Program draft={draft} onChange={onChange} />
      )}
      <Common draft={draft} fixedName={fixedName} onChange={onChange} />
    </>
  );
}

export interface ServerFormProps {
  /** The server that is changed; a new one when absent. */
  server?: Wire<"RegisteredServer">;
  onClose: () => void;
}

export function ServerForm({ server, onClose }: ServerFormProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(server ? draftOf(server) : EMPTY);
  // What was read when the dialog opened is what is changed.
  const [version] = useState(server?.version ?? 0);
  const add = hooks.useMutation("post", "/api/v1/connections/registry");
  const put = hooks.useMutation("put", "/api/v1/connections/registry/{server}");
  const busy = add.isPending || put.isPending;
  const thrown = add.error ?? put.error;
  const ready = isWhole(draft);
  const name = draft.name.trim();
  const program = programOf(draft);
  const group = draft.group.trim();
  const done = (title: string) => () => {
    say({ tone: "done", title });
    onClose();
  };
  const save = () => {
    if (!ready || busy) return;
    if (!server) {
      add.mutate(
        { body: { name, program, group: group || null } },
        { onSuccess: done(t("registry.added", { name })) },
      );
      return;
    }
    put.mutate(
      {
        params: { path: { server: server.name }, header: ifMatch(version) },
        body: {
          program,
          enabled: server.enabled,
          group,
          required_version: draft.version.trim(),
        },
      },
      { onSuccess: done(t("registry.changed", { name })) },
    );
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={server ? t("registry.changeTitle", { name }) : t("registry.add")}
      actions={
        <>
          <p className="mr-auto text-12 text-fg-muted">
            {t(server ? "registry.changeHint" : "registry.addHint")}
          </p>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          <Button tone="primary" busy={busy} disabled={!ready && !busy} onClick={save}>
            {t(server ? "registry.changeDo" : "registry.addDo")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Fields
          draft={draft}
          fixedName={server !== undefined}
          onChange={(next) => {
            setDraft(next);
            add.reset();
            put.reset();
          }}
        />
        {thrown && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">
                {t(server ? "registry.changeFailed" : "registry.addFailed")}
              </b>{" "}
              {asApiError(thrown).message}
            </Callout>
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

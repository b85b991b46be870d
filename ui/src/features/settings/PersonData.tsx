// What is kept about a person: found by exact identifiers, handed out as JSON, erased after it was shown and said again.
import { Search, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card, CardBody } from "@/shared/parts/Card";
import { CopyButton } from "@/shared/parts/CopyButton";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { HiddenText } from "@/shared/parts/HiddenText";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";

type Bundle = Wire<"PersonBundle">;
type Place = Wire<"PersonPlace">;

const REASON_MAX = 500;
const TYPED_MAX = 2_000;

/** What a person typed, one identifier a comma. */
function identifiersOf(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** How many places there are of each kind, and why some stay. */
function shelvesOf(places: readonly Place[]) {
  const shelves = new Map<string, { shelf: string; stays: string | null; count: number }>();
  for (const { shelf, stays } of places) {
    const key = `${shelf}\n${stays ?? ""}`;
    const known = shelves.get(key) ?? { shelf, stays, count: 0 };
    shelves.set(key, { ...known, count: known.count + 1 });
  }
  return [...shelves.values()];
}

function Failed({ error, title }: { error: unknown; title: string }) {
  const failed = asApiError(error);
  return (
    <div role="alert">
      <Callout tone="bad">
        <b className="font-semibold">{title}</b> {failed.message} {failed.hint}
      </Callout>
    </div>
  );
}

function Erase({ bundle, typed, onClose }: { bundle: Bundle; typed: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [code, setCode] = useState("");
  const erase = hooks.useMutation("post", "/api/v1/persons/erase");
  const ready = reason.trim() !== "" && code.trim() === bundle.confirm;
  const go = () => {
    if (!ready || erase.isPending) return;
    erase.mutate(
      { body: { identifiers: identifiersOf(typed), reason, confirm: bundle.confirm } },
      {
        onSuccess: ({ pseudonym }) => {
          say({ tone: "done", title: t("settings.person.erased", { pseudonym }) });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("settings.person.eraseTitle")}
      actions={
        <>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          <Button tone="danger" busy={erase.isPending} disabled={!ready} onClick={go}>
            {t("settings.person.eraseNow")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <p className="text-12 text-fg-muted">{t("settings.person.eraseText")}</p>
        <Field label={t("settings.person.reason")}>
          <TextInput
            maxLength={REASON_MAX}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <Field label={t("settings.person.code", { code: bundle.confirm })}>
          <TextInput mono value={code} onChange={(event) => setCode(event.target.value)} />
        </Field>
        {erase.error && <Failed error={erase.error} title={t("settings.person.notErased")} />}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

function Found({ bundle, typed, onDone }: { bundle: Bundle; typed: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [erasing, setErasing] = useState(false);
  const nothing = bundle.places.length === 0 && bundle.account === null;
  return (
    <>
      <p role="status">
        {nothing
          ? t("settings.person.nothing")
          : t("settings.person.found", { count: bundle.places.length })}{" "}
        {bundle.more && t("settings.person.more")}
      </p>
      <ul aria-label={t("settings.person.where")}>
        {bundle.account && (
          <li>
            <HiddenText>{`${t("settings.person.account")}: ${bundle.account.name}`}</HiddenText>
          </li>
        )}
        {shelvesOf(bundle.places).map(({ shelf, stays, count }) => (
          <li key={`${shelf}${stays}`} className="flex gap-2">
            <span className="num w-12 flex-none text-right">{count}</span>
            <span>{shelf}</span>
            {stays !== null && (
              <span className="text-fg-muted">{t("settings.person.stays", { why: stays })}</span>
            )}
          </li>
        ))}
      </ul>
      {!nothing && (
        <div className="flex gap-2">
          <CopyButton text={JSON.stringify(bundle, null, 2)} label={t("settings.person.copy")} />
          <Button size="sm" tone="danger" icon={Trash2} onClick={() => setErasing(true)}>
            {t("settings.person.erase")}
          </Button>
        </div>
      )}
      {erasing && (
        <Erase
          bundle={bundle}
          typed={typed}
          onClose={() => {
            setErasing(false);
            onDone();
          }}
        />
      )}
    </>
  );
}

export function PersonData() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const find = hooks.useMutation("post", "/api/v1/persons/export");
  const wanted = identifiersOf(typed);
  return (
    <Card title={t("settings.person.title")}>
      <CardBody className="flex flex-col gap-2.5">
        <p className="text-12 text-fg-muted">{t("settings.person.text")}</p>
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (wanted.length > 0) find.mutate({ body: { identifiers: wanted } });
          }}
        >
          <Field className="flex-1" label={t("settings.person.identifiers")}>
            <TextInput
              spellCheck={false}
              maxLength={TYPED_MAX}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                find.reset();
              }}
            />
          </Field>
          <Button type="submit" icon={Search} busy={find.isPending} disabled={wanted.length === 0}>
            {t("settings.person.find")}
          </Button>
        </form>
        {find.error && <Failed error={find.error} title={t("settings.person.notFound")} />}
        {find.data && <Found bundle={find.data} typed={typed} onDone={() => find.reset()} />}
      </CardBody>
    </Card>
  );
}

// Connects a feed after reading it once, so that a wrong address is found here and not by an agent at night.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { FeedTry } from "@/shared/connect/FeedTry";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";

const TITLE_MAX = 80;

export function AddFeed({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState("");
  const [title, setTitle] = useState("");
  const test = hooks.useMutation("post", "/api/v1/connections/feeds/test");
  const add = hooks.useMutation("post", "/api/v1/connections/feeds");
  const address = url.trim();
  const error = add.error ?? test.error;
  const failed = error ? asApiError(error) : null;
  const connect = () => {
    if (address === "" || add.isPending) return;
    add.mutate(
      { body: { url: address, title: title.trim() || null } },
      {
        onSuccess: (feed) => {
          say({ tone: "done", title: t("connections.added", { title: feed.title }) });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("connections.addFeed")}
      actions={
        <>
          <Button onClick={onClose}>{t("parts.cancel")}</Button>
          <Button
            busy={test.isPending}
            disabled={address === ""}
            onClick={() => test.mutate({ body: { url: address } })}
          >
            {t(test.isPending ? "connect.feed.reading" : "connect.feed.test")}
          </Button>
          <Button
            tone="primary"
            busy={add.isPending}
            disabled={address === "" && !add.isPending}
            onClick={connect}
          >
            {t("connections.add")}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          connect();
        }}
      >
        <Field label={t("connect.feed.address")} hint={t("connect.feed.addressHint")}>
          <TextInput
            mono
            autoFocus
            spellCheck={false}
            value={url}
            onChange={(event) => {
              setUrl(event.target.value);
              test.reset();
              add.reset();
            }}
          />
        </Field>
        <Field label={t("connect.feed.title")} hint={t("connect.feed.titleHint")}>
          <TextInput
            maxLength={TITLE_MAX}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </Field>
        {test.data && <FeedTry found={test.data} />}
        {failed && (
          <div role="alert">
            <Callout tone="bad">
              <b className="font-semibold">{t("connections.addFailed")}</b> {failed.message}{" "}
              {failed.hint}
            </Callout>
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

// Changes the own password.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card, CardBody } from "@/shared/parts/Card";
import { Field } from "@/shared/parts/Field";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";

export function Password() {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const { data: setup } = hooks.useQuery("get", "/api/v1/setup");
  const { mutate, isPending, error } = hooks.useMutation("put", "/api/v1/session/password", {
    onSuccess: () => {
      say({ tone: "done", title: t("settings.you.changed") });
      setCurrent("");
      setNext("");
    },
  });
  const min = setup?.password_min_chars ?? 0;
  const ready = current !== "" && next !== "" && [...next].length >= min;
  const failed = error ? asApiError(error) : null;
  return (
    <Card title={t("settings.you.password")}>
      <CardBody>
        <form
          className="flex flex-col gap-2.5"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready && !isPending) mutate({ body: { current, new: next } });
          }}
        >
          <Field label={t("settings.you.current")}>
            <TextInput
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          </Field>
          <Field
            label={t("settings.you.next")}
            hint={min > 0 && t("settings.you.passwordHint", { min })}
          >
            <TextInput
              type="password"
              autoComplete="new-password"
              value={next}
              onChange={(event) => setNext(event.target.value)}
            />
          </Field>
          {failed && (
            <div role="alert">
              <Callout tone="bad">
                <b className="font-semibold">{t("settings.you.changeFailed")}</b> {failed.message}
              </Callout>
            </div>
          )}
          <Button
            type="submit"
            className="self-end"
            disabled={!ready && !isPending}
            busy={isPending}
          >
            {t("settings.you.change")}
          </Button>
        </form>
      </CardBody>
    </Card>
  );
}

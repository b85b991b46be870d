// Signing in with e-mail address and password.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Field } from "@/shared/parts/Field";
import { Mark } from "@/shared/parts/Mark";
import { TextInput } from "@/shared/parts/TextInput";

export function SignIn() {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { mutate, isPending, error } = hooks.useMutation("post", "/api/v1/session");
  return (
    <main className="grid h-full place-items-center bg-frame">
      <form
        className="flex w-80 flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          mutate({ body: { email, password, label: "browser" } });
        }}
      >
        <Mark size={40} />
        <h1 className="font-semibold text-15 text-fg-strong">{t("start.signIn.title")}</h1>
        <Field label={t("start.email")}>
          <TextInput
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            autoFocus
          />
        </Field>
        <Field label={t("start.password")}>
          <TextInput
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        {error && <Callout tone="bad">{asApiError(error).message}</Callout>}
        <Button tone="primary" type="submit" busy={isPending}>
          {t("start.signIn.action")}
        </Button>
      </form>
    </main>
  );
}

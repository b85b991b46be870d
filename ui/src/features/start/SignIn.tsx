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
  const failed = error ? asApiError(error) : null;
  const ready = email.trim() !== "" && password !== "";
  return (
    <main className="grid h-full place-items-center bg-frame">
      <form
        className="flex w-[min(340px,92vw)] flex-col gap-3 rounded-12 border border-line-strong bg-raised p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !isPending)
            mutate({ body: { email: email.trim(), password, label: "browser" } });
        }}
      >
        <header className="mb-1 flex items-center gap-3">
          <Mark size={32} />
          <div>
            <h1 className="font-semibold text-15 text-fg-strong">{t("start.signIn.title")}</h1>
            <p className="text-12 text-fg-muted">{t("start.signIn.text")}</p>
          </div>
        </header>
        <Field label={t("start.email")}>
          <TextInput
            type="email"
            autoComplete="username"
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
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
        {failed && (
          <div role="alert">
            <Callout tone="bad">
              {failed.message} {failed.hint}
            </Callout>
          </div>
        )}
        <Button
          tone="primary"
          size="lg"
          type="submit"
          disabled={!ready && !isPending}
          busy={isPending}
        >
          {t("start.signIn.action")}
        </Button>
        <p className="text-12 text-fg-faint">{t("start.signIn.forgot")}</p>
      </form>
    </main>
  );
}

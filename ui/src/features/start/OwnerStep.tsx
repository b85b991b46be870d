// Makes the owner account, once; it is signed in at once.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Field } from "@/shared/parts/Field";
import { TextInput } from "@/shared/parts/TextInput";
import { PasswordField } from "./PasswordField";
import { isGood, judgePassword } from "./passwordRule";

const NAME_MAX = 80;

export function OwnerStep({ passwordMin }: { passwordMin: number }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [left, setLeft] = useState(false);
  const [password, setPassword] = useState("");
  const { mutate, isPending, error } = hooks.useMutation("post", "/api/v1/setup");
  const failed = error ? asApiError(error) : null;
  const weak = failed?.code === "PASSWORD_WEAK" ? failed.message : undefined;
  const verdict = judgePassword(password, { min: passwordMin, name, email });
  const isEmail = /^\S+@\S+$/.test(email.trim());
  const ready = name.trim() !== "" && isEmail && isGood(verdict);
  const make = () =>
    mutate({
      body: {
        name: name.trim(),
        email: email.trim(),
        password,
        starter_agent: true,
      },
    });
  return (
    <form
      className="grid grid-cols-2 gap-x-3 gap-y-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !isPending) make();
      }}
    >
      <Field label={t("start.owner.name")}>
        <TextInput
          autoComplete="name"
          autoFocus
          maxLength={NAME_MAX}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label={t("start.email")} error={left && !isEmail ? t("start.emailShape") : undefined}>
        <TextInput
          type="email"
          onBlur={() => setLeft(email !== "")}
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <PasswordField
        className="col-span-2"
        value={password}
        onChange={setPassword}
        verdict={verdict}
        min={passwordMin}
        error={weak}
      />
      {failed && weak === undefined && (
        <div role="alert" className="col-span-2">
          <Callout tone="bad">
            {failed.message} {failed.hint}
          </Callout>
        </div>
      )}
      <div className="col-span-2 mt-1 flex justify-end">
        <Button tone="primary" type="submit" disabled={!ready && !isPending} busy={isPending}>
          {t("start.owner.action")}
        </Button>
      </div>
    </form>
  );
}

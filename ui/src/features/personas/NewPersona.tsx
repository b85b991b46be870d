// Writing a new persona, from a file that has every field once.
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { at } from "@/shared/addresses";
import { Room } from "@/shared/layout/Room";
import { Button } from "@/shared/parts/Button";
import { say } from "@/shared/parts/toast/toasts";
import { useMay } from "@/shared/session/useMe";
import { SaveRefusal } from "./SaveRefusal";
import { STARTER } from "./starter";
import { useLint } from "./useLint";
import { Writing } from "./Writing";

export function NewPersona() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay("persona_write");
  const [text, setText] = useState(STARTER);
  const lint = useLint(text);
  const creating = hooks.useMutation("post", "/api/v1/personas");
  const invalid = !lint.stale && lint.report?.valid === false;
  const ready = may && !invalid && text.trim() !== "";
  const create = () => {
    if (!ready || creating.isPending) return;
    creating.mutate(
      { body: { soul: text } },
      {
        onSuccess: ({ agent, fields }) => {
          say({ tone: "done", title: t("personas.done.created", { name: fields.name }) });
          void navigate({ to: at.persona(agent), replace: true });
        },
      },
    );
  };
  return (
    <Room
      above={
        <Link to={at.persona() as string} className="hover:text-fg-strong">
          {t("frame.room.personas")}
        </Link>
      }
      title={t("personas.newTitle")}
      aside={
        may ? (
          <Button
            tone="primary"
            action="save"
            disabled={!ready}
            busy={creating.isPending}
            onClick={create}
          >
            {t("personas.create")}
          </Button>
        ) : (
          <span>{t("personas.readOnly")}</span>
        )
      }
    >
      <Writing
        text={text}
        onText={setText}
        readOnly={!may}
        lint={lint}
        persona={null}
        dirty
        against={null}
        above={creating.error && <SaveRefusal error={asApiError(creating.error)} what="create" />}
        instead={null}
        versions={null}
        onSave={create}
      />
    </Room>
  );
}

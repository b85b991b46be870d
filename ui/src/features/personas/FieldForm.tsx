// One field of a SOUL.md: its text, or a line for each of a list. What the backend makes of it takes the text's place.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { TextArea } from "@/shared/parts/TextInput";
import { fieldWords } from "./fieldWords";

const LIST_ROWS = 5;
const BODY_ROWS = 12;

export interface FieldFormProps {
  field: Wire<"SoulField">;
  /** A line is one of it; otherwise all lines are one text. */
  list: boolean;
  before: readonly string[];
  /** The file in which it is changed. */
  soul: string;
  /** The file as it is then; null when nothing was changed. */
  onDone: (soul: string | null) => void;
}

export function FieldForm({ field, list, before, soul, onDone }: FieldFormProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(before.join("\n"));
  const edit = hooks.useMutation("post", "/api/v1/personas/edit-field", {
    onSuccess: ({ soul: edited }) => onDone(edited),
  });
  const lines = list ? typed.split("\n") : [typed];
  const value = lines.map((line) => line.trim()).filter((line) => line !== "");
  const words = fieldWords(t, field);
  const rows = field === "backstory" ? BODY_ROWS : list ? LIST_ROWS : 1;
  const error = edit.error && asApiError(edit.error);
  return (
    <form
      className="flex flex-col gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        edit.mutate({ body: { soul, field, value } });
      }}
    >
      <TextArea
        aria-label={words}
        autoFocus
        rows={rows}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {list && <p className="text-11 text-fg-muted">{t("personas.fields.lines")}</p>}
      {error && (
        <div role="alert">
          <Callout tone="bad">
            {error.message} {error.hint}
          </Callout>
        </div>
      )}
      <div className="flex gap-1.5">
        <Button size="sm" tone="primary" type="submit" busy={edit.isPending}>
          {t("personas.fields.apply")}
        </Button>
        <Button size="sm" tone="quiet" onClick={() => onDone(null)}>
          {t("personas.fields.leave")}
        </Button>
      </div>
    </form>
  );
}

// One thing that a server wants filled in. Its name, its title and its options are the server's words.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Callout } from "@/shared/parts/Callout";
import { Field } from "@/shared/parts/Field";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Select } from "@/shared/parts/Select";
import { TextInput } from "@/shared/parts/TextInput";
import { Checkbox } from "@/shared/parts/Toggles";
import { type Held, isNumber } from "./draft";

export interface AnswerFieldProps {
  of: Wire<"QuestionField">;
  held: Held;
  onChange: (held: Held) => void;
}

const NONE = "\u0000";

function Choices({ of, held, onChange }: AnswerFieldProps) {
  const chosen = Array.isArray(held) ? held : [];
  const toggled = (value: string, on: boolean) =>
    of.options.map((one) => one.value).filter((one) => (one === value ? on : chosen.includes(one)));
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1">
      {of.options.map(({ value, label }) => (
        <Checkbox
          key={value}
          checked={chosen.includes(value)}
          onChange={(on) => onChange(toggled(value, on))}
        >
          <HiddenText>{label}</HiddenText>
        </Checkbox>
      ))}
    </div>
  );
}

function OneOf({ of, held, onChange }: AnswerFieldProps) {
  const { t } = useTranslation();
  const flag = [
    { value: "true", label: t("questions.yes") },
    { value: "false", label: t("questions.no") },
  ];
  const isFlag = of.kind === "flag";
  const none = of.required ? [] : [{ value: NONE, label: t("questions.unset") }];
  const items = [...none, ...(isFlag ? flag : of.options)];
  const chosen = (value: string): Held => {
    if (value === NONE) return null;
    return isFlag ? value === "true" : value;
  };
  return (
    <Select
      items={items}
      value={held === null ? (of.required ? null : NONE) : String(held)}
      placeholder={t("questions.unset")}
      onChange={(value) => onChange(chosen(value))}
    />
  );
}

function Control(props: AnswerFieldProps) {
  const { of, held, onChange } = props;
  if (of.kind === "some") return <Choices {...props} />;
  if (of.kind === "one" || of.kind === "flag") return <OneOf {...props} />;
  const isText = of.kind === "text";
  return (
    <TextInput
      inputMode={isText ? "text" : "decimal"}
      autoComplete="off"
      spellCheck={isText}
      maxLength={isText && of.max !== null ? of.max : undefined}
      value={String(held ?? "")}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function AnswerField(props: AnswerFieldProps) {
  const { t } = useTranslation();
  const { of, held } = props;
  const label = of.title ?? of.name;
  const numeric = of.kind === "number" || of.kind === "integer";
  const wrong = numeric && typeof held === "string" && held !== "" && !isNumber(held);
  return (
    <div className="flex flex-col gap-1.5">
      <Field
        label={<HiddenText>{of.required ? label : t("questions.optional", { label })}</HiddenText>}
        hint={of.description && <HiddenText>{of.description}</HiddenText>}
        error={wrong ? t("questions.number") : undefined}
      >
        <Control {...props} />
      </Field>
      {of.secret && <Callout tone="bad">{t("questions.secret")}</Callout>}
    </div>
  );
}

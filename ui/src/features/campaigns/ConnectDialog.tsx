// Connects two steps without a mouse. A circle is refused with the steps in it.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { CancelButton, Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { Select } from "@/shared/parts/Select";
import { circleOf, circleWords, linked, needsOf, type Steps } from "./plan";

export interface ConnectDialogProps {
  open: boolean;
  onClose: () => void;
  steps: Steps;
  /** The chosen step, which is where the arrow begins at first. */
  from: string | null;
  onChange: (steps: Steps) => void;
}

export function ConnectDialog({ open, onClose, steps, from, onChange }: ConnectDialogProps) {
  const { t } = useTranslation();
  const [source, setSource] = useState<string | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const start = source ?? from;
  const items = steps.map(({ key, title }) => ({ value: key, label: title || key }));
  const circle = start && target && start !== target ? circleOf(steps, start, target) : null;
  const twice = steps.some((step) => step.key === target && start && needsOf(step).includes(start));
  const refused =
    start !== null && start === target
      ? t("campaigns.plan.itself")
      : twice
        ? t("campaigns.plan.twice")
        : circle
          ? t("campaigns.plan.circleText", { steps: circleWords(steps, circle) })
          : null;
  const close = () => {
    setSource(null);
    setTarget(null);
    onClose();
  };
  const ready = start !== null && target !== null && refused === null;
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t("campaigns.plan.connectTitle")}
      actions={
        <>
          <CancelButton onClick={close} />
          <Button
            tone="primary"
            disabled={!ready}
            onClick={() => {
              if (!ready) return;
              onChange(linked(steps, start, target));
              close();
            }}
          >
            {t("campaigns.plan.connectDo")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2.5">
        <Field label={t("campaigns.plan.connectFrom")}>
          <Select
            label={t("campaigns.plan.connectFrom")}
            placeholder={t("campaigns.plan.choose")}
            items={items}
            value={start}
            onChange={setSource}
          />
        </Field>
        <Field label={t("campaigns.plan.connectTo")}>
          <Select
            label={t("campaigns.plan.connectTo")}
            placeholder={t("campaigns.plan.choose")}
            items={items}
            value={target}
            onChange={setTarget}
          />
        </Field>
        {refused && (
          <Callout tone="bad">
            <b className="font-semibold">{t("campaigns.plan.circle")}</b> {refused}
          </Callout>
        )}
      </div>
    </Dialog>
  );
}

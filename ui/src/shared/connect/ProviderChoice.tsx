// Which kind of provider thinks: one card each, in the backend's own words, and each says whether it is an AI.
import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { CloudUpload, MonitorCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Badge } from "@/shared/parts/Badge";

export interface ProviderChoiceProps {
  providers: readonly Wire<"ProviderKind">[];
  value: Wire<"ModelKind">;
  onChange: (kind: Wire<"ModelKind">) => void;
}

export function ProviderChoice({ providers, value, onChange }: ProviderChoiceProps) {
  const { t } = useTranslation();
  return (
    <RadioGroup
      aria-label={t("connect.provider")}
      value={value}
      onValueChange={(next) => onChange(next as Wire<"ModelKind">)}
      className="grid grid-cols-2 gap-2"
    >
      {providers.map(({ kind, title, description, is_ai }) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the Base UI control inside renders its own input
        <label
          key={kind}
          className="flex cursor-default items-start gap-2.5 rounded-8 border border-line-strong p-2.5 hover:bg-hover has-[[data-checked]]:border-accent-line has-[[data-checked]]:bg-accent-soft has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus"
        >
          <Radio.Root
            value={kind}
            className="mt-0.5 grid size-4 flex-none place-items-center rounded-full border border-line-strong outline-none data-[checked]:border-accent"
          >
            <Radio.Indicator className="size-2 rounded-full bg-accent" />
          </Radio.Root>
          <span className="flex min-w-0 flex-col gap-1.5">
            <span className="flex flex-wrap items-center gap-1.5">
              <b className="font-semibold text-fg-strong">{title}</b>
              {is_ai ? (
                <Badge tone="info" icon={CloudUpload}>
                  {t("connect.sendsOut")}
                </Badge>
              ) : (
                <Badge tone="outline">{t("connect.notAi")}</Badge>
              )}
            </span>
            <span className="text-12 text-fg-muted leading-[17px]">{description}</span>
            {!is_ai && (
              <Badge tone="ok" icon={MonitorCheck} className="self-start">
                {t("connect.staysHere")}
              </Badge>
            )}
          </span>
        </label>
      ))}
    </RadioGroup>
  );
}

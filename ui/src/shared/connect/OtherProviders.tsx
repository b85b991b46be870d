// Which other providers plan, judge or stand in; closed while there are none, for most need only one provider.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { type ModelDraft, SLOTS, withOther } from "./modelDraft";
import { OtherProvider } from "./OtherProvider";
import type { TypedKeys } from "./useTypedKeys";

export interface OtherProvidersProps {
  providers: readonly Wire<"ProviderKind">[];
  draft: ModelDraft;
  onChange: (draft: ModelDraft) => void;
  typed: TypedKeys;
}

export function OtherProviders({ providers, draft, onChange, typed }: OtherProvidersProps) {
  const { t } = useTranslation();
  return (
    <details
      className="rounded-8 border border-line px-3 py-2"
      open={Object.keys(draft.others).length > 0}
    >
      <summary className="cursor-default text-12 text-fg-muted">{t("connect.others")}</summary>
      <div className="mt-2.5 flex flex-col gap-3.5">
        {SLOTS.map((slot) => (
          <OtherProvider
            key={slot}
            slot={slot}
            providers={providers}
            draft={draft.others[slot] ?? null}
            onChange={(other) => onChange(withOther(draft, slot, other))}
            typed={typed.of[slot]}
          />
        ))}
      </div>
    </details>
  );
}

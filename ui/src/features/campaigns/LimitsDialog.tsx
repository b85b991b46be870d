// Other limits for a campaign that is not over: what it may spend and post a day.
import { useQueryClient } from "@tanstack/react-query";
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cacheTags, hooks, ifMatch, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { sentences } from "@/shared/format/sentences";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Dialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { Kbd } from "@/shared/parts/Kbd";
import { Money } from "@/shared/parts/Money";
import { TextInput } from "@/shared/parts/TextInput";
import { say } from "@/shared/parts/toast/toasts";
import { useMay } from "@/shared/session/useMe";
import { changeOf, limitFlaws, limitsOf } from "./limits";

export interface LimitsProps {
  campaign: Wire<"Campaign">;
}

/** Nothing for those who may not change a campaign. */
export function ChangeLimits({ campaign, small = false }: LimitsProps & { small?: boolean }) {
  const { t } = useTranslation();
  const mayWrite = useMay("campaign_write");
  const [open, setOpen] = useState(false);
  if (!mayWrite) return null;
  return (
    <>
      <Button icon={SlidersHorizontal} size={small ? "sm" : "md"} onClick={() => setOpen(true)}>
        {t("campaigns.limits.change")}
      </Button>
      {open && <LimitsDialog campaign={campaign} onClose={() => setOpen(false)} />}
    </>
  );
}

function LimitsDialog({ campaign, onClose }: LimitsProps & { onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  // What the form began from; the campaign may move on behind it.
  const [base] = useState(campaign);
  const [seen, setSeen] = useState(campaign.version);
  const [limits, setLimits] = useState(() => limitsOf(campaign));
  const amend = hooks.useMutation("patch", "/api/v1/campaigns/{campaign}", {
    onSuccess: ({ name }) => {
      say({ tone: "done", title: t("campaigns.limits.changed", { name }) });
      onClose();
    },
    // Read again, so that what is now in force can be shown and changed.
    onError: () => void cacheTags.invalidate(cache, [`campaign:${campaign.id}`]),
  });
  const flaws = limitFlaws(limits);
  const change = flaws.length === 0 ? changeOf(base, limits) : null;
  const failed = amend.error ? asApiError(amend.error) : null;
  const conflict = failed?.code === "VERSION_MISMATCH";
  const version = conflict ? campaign.version : seen;
  const ready = change !== null && !(conflict && version === seen);
  const store = () => {
    if (!change || !ready || amend.isPending) return;
    setSeen(version);
    amend.mutate({
      params: { path: { campaign: campaign.id }, header: ifMatch(version) },
      body: change,
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("campaigns.limits.title")}
      actions={
        <>
          <Button onClick={onClose}>
            {t("parts.cancel")} <Kbd>{t("keys.name.escape")}</Kbd>
          </Button>
          <Button
            tone="primary"
            type="submit"
            form="limits"
            disabled={!ready}
            busy={amend.isPending}
          >
            {t(conflict ? "campaigns.limits.storeOver" : "campaigns.limits.store")}
          </Button>
        </>
      }
    >
      <form
        id="limits"
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          store();
        }}
      >
        <Field
          label={t("campaigns.compose.budget")}
          hint={
            <>
              {t("campaigns.spending.today")} <Money amount={campaign.spending.spent} />
            </>
          }
          error={flaws.includes("budget") ? t("campaigns.compose.budgetError") : undefined}
        >
          <TextInput
            mono
            inputMode="decimal"
            prefix="$"
            value={limits.budget}
            onChange={({ target }) => setLimits({ ...limits, budget: target.value })}
          />
        </Field>
        <Field
          label={t("campaigns.compose.posts")}
          error={flaws.includes("posts") ? t("campaigns.compose.postsError") : undefined}
        >
          <TextInput
            mono
            inputMode="numeric"
            value={limits.posts}
            onChange={({ target }) => setLimits({ ...limits, posts: target.value })}
          />
        </Field>
        <p className="text-12 text-fg-muted">{t("campaigns.limits.note")}</p>
        {failed && (
          <div role="alert">
            {conflict ? (
              <Callout tone="warn">
                <b className="font-semibold">{t("campaigns.limits.conflict")}</b>{" "}
                {t("campaigns.limits.conflictText")} <Money amount={campaign.daily_budget} />
                {", "}
                {t("campaigns.perDay", { count: campaign.max_posts_per_day })}
              </Callout>
            ) : (
              <Callout tone="bad">
                <b className="font-semibold">{t("campaigns.limits.failed")}</b>{" "}
                {sentences(failed.message, failed.hint)}
              </Callout>
            )}
          </div>
        )}
      </form>
    </Dialog>
  );
}

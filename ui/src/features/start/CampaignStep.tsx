// The first campaign: who writes, what it reads, what for. Ends in the composer, with a plan to look at.
import { Link } from "@tanstack/react-router";
import { VenetianMask } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { formatUsd } from "@/shared/format/money";
import { formatLocale } from "@/shared/i18n/locale";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Button, buttonClass } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Field } from "@/shared/parts/Field";
import { Select } from "@/shared/parts/Select";
import { EmptyState } from "@/shared/parts/States";
import { TextArea } from "@/shared/parts/TextInput";
import { FeedChoice, OWN } from "./FeedChoice";
import { FIRST_LIMITS, useFirstCampaign } from "./useFirstCampaign";

const GOAL_MIN = 10;
const GOAL_MAX = 1_000;
const EXAMPLES = ["example1", "example2", "example3"] as const;

export interface CampaignStepProps {
  personas: readonly Wire<"PersonaRow">[];
  feeds: readonly Wire<"Feed">[];
}

export function CampaignStep({ personas, feeds }: CampaignStepProps) {
  const { t } = useTranslation();
  const [agent, setAgent] = useState(personas[0]?.agent ?? null);
  const [feed, setFeed] = useState(feeds[0]?.url ?? OWN);
  const [own, setOwn] = useState("");
  const [goal, setGoal] = useState("");
  const { stage, failed, draft, make } = useFirstCampaign();
  const source = feed === OWN ? own.trim() : feed;
  const words = goal.trim();
  const ready = source !== "" && words.length >= GOAL_MIN && stage === "idle";
  const go = () => {
    if (agent === null || !ready) return false;
    void make({ agent, goal: words, feed: source, isNewFeed: feed === OWN });
    return true;
  };
  if (agent === null) return <NoPersona />;
  const locale = formatLocale();
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
      // Outside the frame nobody listens to the key table yet.
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && go())
          event.preventDefault();
      }}
    >
      <div className="grid grid-cols-2 items-start gap-3">
        <Field label={t("start.campaign.persona")}>
          <Select
            items={personas.map(({ agent: value, name }) => ({
              value,
              label: name,
              mark: <AgentAvatar id={value} name={name} />,
            }))}
            value={agent}
            onChange={setAgent}
            label={t("start.campaign.persona")}
          />
        </Field>
        <FeedChoice feeds={feeds} chosen={feed} onChoose={setFeed} own={own} onOwn={setOwn} />
      </div>
      <Field label={t("start.campaign.goal")} hint={t("start.campaign.goalHint")}>
        <TextArea
          size="content"
          rows={3}
          maxLength={GOAL_MAX}
          value={goal}
          autoFocus
          onChange={(event) => setGoal(event.target.value)}
        />
      </Field>
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-12 text-fg-muted">{t("start.campaign.examples")}</legend>
        {EXAMPLES.map((example) => (
          <button
            key={example}
            type="button"
            onClick={() => setGoal(t(`start.campaign.${example}`))}
            className="rounded-6 border border-line px-2.5 py-1.5 text-left text-12 text-fg hover:bg-hover"
          >
            {t(`start.campaign.${example}`)}
          </button>
        ))}
      </fieldset>
      {failed && (
        <div role="alert">
          <Callout
            tone="bad"
            actions={
              draft && (
                <Link to={at.compose(draft)} className={buttonClass("plain", "sm")}>
                  {t("start.campaign.open")}
                </Link>
              )
            }
          >
            <b className="font-semibold">{t("start.campaign.failed")}</b> {failed.message}{" "}
            {failed.hint} {draft && t("start.campaign.keep")}
          </Callout>
        </div>
      )}
      <div className="flex items-center gap-3">
        <p className="min-w-0 text-12 text-fg-muted">
          {t("start.campaign.network")}{" "}
          {t("start.campaign.limits", {
            posts: FIRST_LIMITS.posts,
            budget: formatUsd(FIRST_LIMITS.budget, locale),
          })}
        </p>
        <Button
          tone="primary"
          type="submit"
          action="commit"
          className="ml-auto"
          disabled={!ready && stage === "idle"}
          busy={stage !== "idle"}
        >
          {t(stage === "idle" ? "start.campaign.action" : `start.campaign.${stage}`)}
        </Button>
      </div>
    </form>
  );
}

function NoPersona() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={VenetianMask}
      title={t("start.campaign.noPersona")}
      text={t("start.campaign.noPersonaText")}
      action={
        <Link to={at.persona("new")} className={buttonClass("primary", "sm")}>
          {t("start.campaign.writePersona")}
        </Link>
      }
    />
  );
}

// A new campaign: the goal in plain words, who speaks, what it reads, where it posts, and what it may cost.
import { Link } from "@tanstack/react-router";
import { VenetianMask } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { useKey } from "@/shared/keys/useKey";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Await } from "@/shared/parts/Await";
import { Button, buttonClass } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Field } from "@/shared/parts/Field";
import { Select } from "@/shared/parts/Select";
import { EmptyState } from "@/shared/parts/States";
import { TextArea, TextInput } from "@/shared/parts/TextInput";
import { FeedsField } from "./FeedsField";
import {
  FIRST,
  flawsOf,
  GOAL_MAX,
  GOAL_MIN,
  likeCampaign,
  type NewDraft,
  type NewFlaw,
} from "./newDraft";
import { PlatformsField } from "./PlatformsField";
import { useNewCampaign } from "./useNewCampaign";

/** The campaign that is copied; `ready` when there is none, or once it is read. */
function useModel(from: string | null) {
  const query = hooks.useQuery(
    "get",
    "/api/v1/campaigns/{campaign}",
    { params: { path: { campaign: from ?? "" } } },
    { enabled: from !== null },
  );
  return {
    model: query.data ?? null,
    failed: query.error,
    ready: from === null || !query.isLoading,
  };
}

export interface NewCampaignProps {
  /** The campaign that this one begins like. */
  from: string | null;
  /** The goal that it begins with, unless it begins like another. */
  goal: string;
}

export function NewCampaign({ from, goal }: NewCampaignProps) {
  const { t } = useTranslation();
  const { model, failed, ready } = useModel(from);
  const personas = hooks.useInfiniteQuery("get", "/api/v1/personas", {}, PAGED);
  const rows = personas.data?.pages.flatMap((page) => page.items);
  const feeds = hooks.useQuery("get", "/api/v1/connections/feeds");
  // Read once, well or not: the form below reads them too, and must not be taken away while it does.
  const here = ready && feeds.isFetched;
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <Await
        query={{ ...personas, data: here ? rows : undefined }}
        failed={t("campaigns.compose.personaFailed")}
        className="mx-auto w-full max-w-[760px] p-6"
      >
        {(all) =>
          all.length > 0 ? (
            <Form
              personas={all}
              feeds={feeds.data?.items ?? []}
              model={model}
              goal={goal}
              modelFailed={failed !== null}
            />
          ) : (
            <EmptyState
              icon={VenetianMask}
              title={t("campaigns.compose.noPersona")}
              text={t("campaigns.compose.noPersonaText")}
              action={
                <Link to={at.persona("new") as string} className={buttonClass("primary", "sm")}>
                  {t("campaigns.compose.writePersona")}
                </Link>
              }
            />
          )
        }
      </Await>
    </div>
  );
}

function Doing({ planningSince }: { planningSince: number | null }) {
  const { t } = useTranslation();
  const now = useNow(SECOND_MS);
  if (planningSince === null) return t("campaigns.compose.creating");
  const seconds = Math.max(0, Math.floor((now - planningSince) / SECOND_MS));
  return t("campaigns.compose.planning", { seconds });
}

/** What keeps a written goal from becoming a plan and is not told beside its field. */
function missingOf(flaws: readonly NewFlaw[]): "feedsMissing" | "platformsMissing" | null {
  if (flaws.includes("goal")) return null;
  if (flaws.includes("feeds")) return "feedsMissing";
  return flaws.includes("platforms") ? "platformsMissing" : null;
}

interface FormProps {
  personas: readonly Wire<"PersonaRow">[];
  feeds: readonly Wire<"Feed">[];
  model: Wire<"Campaign"> | null;
  goal: string;
  modelFailed: boolean;
}

/** What the form begins with: another campaign's values, with a persona that is still there. */
function beginning({ personas, feeds, model, goal }: FormProps): NewDraft {
  const first = personas[0]?.agent ?? "";
  // Where there is one feed only, nobody has to be asked which.
  const only = feeds.length === 1 ? feeds.map(({ url }) => url) : [];
  if (!model) return { ...FIRST, goal: goal.slice(0, GOAL_MAX), agent: first, feeds: only };
  const like = likeCampaign(model);
  return personas.some(({ agent }) => agent === like.agent) ? like : { ...like, agent: first };
}

function CopyNote({ personas, model, modelFailed }: Omit<FormProps, "feeds" | "goal">) {
  const { t } = useTranslation();
  if (modelFailed) return <Callout tone="warn">{t("campaigns.copy.gone")}</Callout>;
  if (!model) return null;
  const here = personas.some(({ agent }) => agent === model.agent.id);
  return (
    <Callout tone={here ? "info" : "warn"}>
      {t("campaigns.copy.from", { name: model.name })} {!here && t("campaigns.copy.noAgent")}
    </Callout>
  );
}

function Form(props: FormProps) {
  const { personas } = props;
  const { t } = useTranslation();
  const [draft, setDraft] = useState<NewDraft>(() => beginning(props));
  const set = (change: Partial<NewDraft>) => setDraft({ ...draft, ...change });
  const { stage, planningSince, failed, kept, make } = useNewCampaign();
  const flaws = flawsOf(draft);
  const ready = flaws.length === 0 && stage === "idle";
  const missing = missingOf(flaws);
  const short = GOAL_MIN - draft.goal.trim().length;
  const go = () => {
    if (ready) void make(draft);
  };
  useKey("commit", go);
  return (
    <form
      className="mx-auto flex w-full max-w-[760px] flex-col gap-4 p-6"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <CopyNote {...props} />
      <Field
        label={t("campaigns.compose.goal")}
        hint={
          draft.goal !== "" && short > 0
            ? t("campaigns.compose.goalShort", { count: short })
            : t("campaigns.compose.goalHint", { min: GOAL_MIN, max: GOAL_MAX })
        }
      >
        <TextArea
          size="content"
          rows={4}
          maxLength={GOAL_MAX}
          autoFocus
          value={draft.goal}
          onChange={(event) => set({ goal: event.target.value })}
        />
      </Field>
      <div className="grid grid-cols-3 items-start gap-3">
        <Field label={t("campaigns.compose.persona")}>
          <Select
            label={t("campaigns.compose.persona")}
            items={personas.map(({ agent, name }) => ({
              value: agent,
              label: name,
              mark: <AgentAvatar id={agent} name={name} />,
            }))}
            value={draft.agent}
            onChange={(agent) => set({ agent })}
          />
        </Field>
        <Field
          label={t("campaigns.compose.posts")}
          error={flaws.includes("posts") ? t("campaigns.compose.postsError") : undefined}
        >
          <TextInput
            mono
            inputMode="numeric"
            value={draft.posts}
            onChange={(event) => set({ posts: event.target.value })}
          />
        </Field>
        <Field
          label={t("campaigns.compose.budget")}
          error={flaws.includes("budget") ? t("campaigns.compose.budgetError") : undefined}
        >
          <TextInput
            mono
            inputMode="decimal"
            prefix="$"
            value={draft.budget}
            onChange={(event) => set({ budget: event.target.value })}
          />
        </Field>
      </div>
      <FeedsField chosen={draft.feeds} onChange={(feeds) => set({ feeds })} />
      <PlatformsField chosen={draft.platforms} onChange={(platforms) => set({ platforms })} />
      {failed && (
        <div role="alert">
          <Callout
            tone="bad"
            actions={
              kept && (
                <Link to={at.compose(kept) as string} className={buttonClass("plain", "sm")}>
                  {t("campaigns.compose.openDraft")}
                </Link>
              )
            }
          >
            <b className="font-semibold">
              {t(kept ? "campaigns.compose.failedPlan" : "campaigns.compose.failedCreate")}
            </b>{" "}
            {failed.message} {failed.hint} {kept && t("campaigns.compose.kept")}
          </Callout>
        </div>
      )}
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1 text-12 text-fg-muted">
          {stage === "idle" && missing ? (
            <span className="text-warn">{t(`campaigns.compose.${missing}`)}</span>
          ) : stage === "idle" ? (
            t("campaigns.compose.nothing")
          ) : (
            <span role="status">
              <Doing planningSince={planningSince} />
            </span>
          )}
        </p>
        <Button
          tone="primary"
          size="lg"
          type="submit"
          action="commit"
          disabled={!ready && stage === "idle"}
          busy={stage !== "idle"}
        >
          {t("campaigns.compose.create")}
        </Button>
      </div>
    </form>
  );
}

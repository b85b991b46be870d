// The plan as a graph that can be changed, the chosen step beside it, and the start below.
import { useNavigate } from "@tanstack/react-router";
import { ListTodo } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { type ApiError, asApiError } from "@/ipc/errors";
import { at } from "@/shared/addresses";
import { MINUTE_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";
import { useKey } from "@/shared/keys/useKey";
import { Panes } from "@/shared/parts/Panes";
import { PlanGraph } from "@/shared/parts/plan/PlanGraph";
import { EmptyState } from "@/shared/parts/States";
import { ConnectDialog } from "./ConnectDialog";
import { cadenceOf } from "./cadence";
import { drawnLinks, drawnSteps } from "./drawn";
import { PlanBar } from "./PlanBar";
import { PlanFoot } from "./PlanFoot";
import { PlanTrouble } from "./PlanTrouble";
import {
  circleOf,
  circleWords,
  flawOf,
  linked,
  newStep,
  phaseOf,
  sumsOf,
  unlinked,
  without,
} from "./plan";
import { StepPane } from "./StepPane";
import { PHASE_ICONS, useDrawWords } from "./useDrawWords";
import { usePlanEdit } from "./usePlanEdit";

export interface PlanEditorProps {
  campaign: Wire<"Campaign">;
  plan: Wire<"Plan">;
  skills: readonly Wire<"Skill">[];
  editable: boolean;
  /** Feeds that could not be read just now. */
  unread: number;
  onAgain: () => void;
  refetch: () => Promise<Wire<"Campaign"> | undefined>;
}

export function PlanEditor({
  campaign,
  plan,
  skills,
  editable,
  unread,
  onAgain,
  refetch,
}: PlanEditorProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const words = useDrawWords();
  const unknown = { ...words, amount: () => t("campaigns.plan.costUnknown") };
  const now = useNow(MINUTE_MS);
  const edit = usePlanEdit(campaign.id, plan, editable);
  const [selected, setSelected] = useState<string | null>(plan.steps[0]?.key ?? null);
  const [refused, setRefused] = useState<string | null>(null);
  const [connecting, setConnecting] = useState(false);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const start = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/start");
  const { steps } = edit;
  const chosen = steps.find(({ key }) => key === selected) ?? null;
  const flaws = steps.filter((step) => flawOf(steps, step, now) !== null).length;
  const change = (next: typeof steps, field?: string) => {
    setRefused(null);
    setFailed(null);
    edit.change(next, field);
  };
  const addStep = () => {
    const skill = skills.find(({ kind }) => kind === "generate_caption") ?? skills[0];
    if (!skill) return false;
    const step = newStep(steps, t("campaigns.plan.newStep"), skill, chosen);
    change([...steps, step]);
    setSelected(step.key);
    return true;
  };
  const removeStep = () => {
    if (!chosen) return false;
    const left = without(steps, chosen.key);
    change(left);
    // One goes on from the step that took its place.
    setSelected(left[Math.min(steps.indexOf(chosen), left.length - 1)]?.key ?? null);
    return true;
  };
  const go = async () => {
    if (flaws > 0 || start.isPending || !(await edit.save())) return;
    try {
      // Saving moved the campaign on; what is started is what was just stored.
      const fresh = (await refetch()) ?? campaign;
      await start.mutateAsync({
        params: { path: { campaign: campaign.id }, header: ifMatch(fresh.version) },
      });
      await navigate({ to: at.campaign(campaign.id) as string });
    } catch (thrown) {
      setFailed(asApiError(thrown));
    }
  };
  const move = (by: number) => {
    const here = steps.findIndex(({ key }) => key === selected);
    const next = steps[Math.min(steps.length - 1, Math.max(0, here + by))];
    if (next) setSelected(next.key);
  };
  useKey("next", () => move(1));
  useKey("previous", () => move(-1));
  useKey("addStep", addStep, editable);
  useKey("removeStep", removeStep, editable);
  useKey("connect", () => setConnecting(true), editable);
  useKey("undo", edit.undo, editable && edit.canUndo);
  useKey("save", () => void edit.save(), editable);
  useKey("commit", () => void go(), editable && !connecting);
  return (
    <Panes
      id="composer"
      right={{
        name: t("campaigns.step.inspector"),
        width: 290,
        narrow: 260,
        min: 230,
        max: 460,
        children: chosen ? (
          <StepPane
            key={chosen.key}
            steps={steps}
            step={chosen}
            skills={skills}
            platforms={campaign.platforms}
            editable={editable}
            unpriced={plan.unpriced}
            now={now}
            onChange={change}
            onSelect={setSelected}
            onRemove={removeStep}
          />
        ) : (
          <div className="flex flex-1 flex-col justify-center bg-raised">
            <EmptyState
              icon={ListTodo}
              title={t("campaigns.plan.chooseStep")}
              text={t("campaigns.plan.chooseStepText")}
            />
          </div>
        ),
      }}
    >
      <PlanBar
        plan={plan}
        edit={edit}
        editable={editable}
        onAdd={addStep}
        onConnect={() => setConnecting(true)}
        onAgain={onAgain}
      />
      <PlanTrouble
        edit={edit}
        refused={refused}
        startFailed={failed}
        onDismiss={() => setRefused(null)}
      />
      <div className="relative min-h-0 flex-1">
        <PlanGraph
          steps={drawnSteps(steps, plan.unpriced ? unknown : words, now)}
          links={drawnLinks(steps)}
          selected={selected}
          onSelect={setSelected}
          iconOf={({ id }) => {
            const step = steps.find(({ key }) => key === id);
            return step && PHASE_ICONS[phaseOf(step.kind)];
          }}
          {...(editable
            ? {
                editing: {
                  onLink: (from, to) => change(linked(steps, from, to)),
                  onUnlink: (from, to) => change(unlinked(steps, from, to)),
                  onRefused: (why, from, to) => {
                    const circle = why === "circle" ? circleOf(steps, from.id, to.id) : null;
                    setRefused(
                      circle
                        ? t("campaigns.plan.circleText", { steps: circleWords(steps, circle) })
                        : t(why === "itself" ? "campaigns.plan.itself" : "campaigns.plan.twice"),
                    );
                  },
                },
              }
            : {})}
        />
      </div>
      <PlanFoot
        campaign={campaign}
        sums={sumsOf(steps)}
        unpriced={plan.unpriced}
        author={plan.author}
        days={cadenceOf(steps, campaign.max_posts_per_day, now)}
        flaws={flaws}
        unread={unread}
        starting={start.isPending || edit.saving}
        onStart={editable ? () => void go() : null}
      />
      <ConnectDialog
        open={connecting}
        onClose={() => setConnecting(false)}
        steps={steps}
        from={selected}
        onChange={change}
      />
    </Panes>
  );
}

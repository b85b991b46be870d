// Stores a draft and asks for its plan. A draft whose plan failed is kept and used again.
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { hooks } from "@/ipc/api";
import { type ApiError, asApiError } from "@/ipc/errors";
import { at } from "@/shared/addresses";
import { bodyOf, type NewDraft } from "./newDraft";

export interface Making {
  stage: "idle" | "creating" | "planning";
  /** When the planner was asked, in milliseconds since the epoch. */
  planningSince: number | null;
  failed: ApiError | null;
  /** The stored draft, once there is one. */
  kept: string | null;
  make: (draft: NewDraft) => Promise<void>;
}

export function useNewCampaign(): Making {
  const navigate = useNavigate();
  const [stage, setStage] = useState<Making["stage"]>("idle");
  const [planningSince, setSince] = useState<number | null>(null);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const [kept, setKept] = useState<{ id: string; of: string } | null>(null);
  const create = hooks.useMutation("post", "/api/v1/campaigns");
  const plan = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/plan");
  const make = async (draft: NewDraft) => {
    const body = bodyOf(draft);
    // A campaign cannot be changed: other words need another draft.
    const of = JSON.stringify(body);
    setFailed(null);
    setStage("creating");
    try {
      const campaign = kept?.of === of ? kept.id : (await create.mutateAsync({ body })).id;
      setKept({ id: campaign, of });
      setSince(Date.now());
      setStage("planning");
      await plan.mutateAsync({ params: { path: { campaign } } });
      await navigate({ to: at.compose(campaign) as string });
    } catch (thrown) {
      setFailed(asApiError(thrown));
    }
    setStage("idle");
    setSince(null);
  };
  return { stage, planningSince, failed, kept: kept?.id ?? null, make };
}

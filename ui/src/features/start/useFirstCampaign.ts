// From a goal to a campaign with a plan, one request after the other, and what to do when one fails on the way.
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { hooks } from "@/ipc/api";
import { type ApiError, asApiError } from "@/ipc/errors";
import { at } from "@/shared/addresses";

/** Modest limits, so that a first campaign cannot surprise. */
export const FIRST_LIMITS = { posts: 3, budget: "2.00" } as const;

export interface FirstCampaign {
  readonly agent: string;
  readonly goal: string;
  readonly feed: string;
  /** Whether the feed is still to be connected. */
  readonly isNewFeed: boolean;
}

export type Stage = "idle" | "creating" | "planning";

export interface Making {
  stage: Stage;
  failed: ApiError | null;
  /** The draft that is kept when only planning failed. */
  draft: string | null;
  make: (campaign: FirstCampaign) => Promise<void>;
}

export function useFirstCampaign(): Making {
  const navigate = useNavigate();
  const [stage, setStage] = useState<Stage>("idle");
  const [failed, setFailed] = useState<ApiError | null>(null);
  const [draft, setDraft] = useState<string | null>(null);
  const addFeed = hooks.useMutation("post", "/api/v1/connections/feeds");
  const create = hooks.useMutation("post", "/api/v1/campaigns");
  const plan = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/plan");

  const connect = async (url: string) => {
    try {
      await addFeed.mutateAsync({ body: { url } });
    } catch (thrown) {
      if (asApiError(thrown).code !== "FEED_EXISTS") throw thrown;
    }
  };

  const make = async ({ agent, goal, feed, isNewFeed }: FirstCampaign) => {
    setFailed(null);
    setStage("creating");
    try {
      let campaign = draft;
      if (campaign === null) {
        if (isNewFeed) await connect(feed);
        const made = await create.mutateAsync({
          body: {
            agent,
            goal,
            feeds: [feed],
            daily_budget: FIRST_LIMITS.budget,
            max_posts_per_day: FIRST_LIMITS.posts,
            platforms: ["sandbox"],
          },
        });
        campaign = made.id;
        setDraft(campaign);
      }
      setStage("planning");
      await plan.mutateAsync({ params: { path: { campaign } } });
      await navigate({ to: at.compose(campaign) });
    } catch (thrown) {
      setFailed(asApiError(thrown));
    }
    setStage("idle");
  };
  return { stage, failed, draft, make };
}

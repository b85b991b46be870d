// From a goal to a plan to the start; a new one may begin like an older campaign, or with a goal.
import { useParams, useSearch } from "@tanstack/react-router";
import { ComposerRoom } from "@/features/campaigns/ComposerRoom";

export function Page() {
  const { campaign } = useParams({ strict: false });
  const { from, goal } = useSearch({ strict: false }) as { from?: string; goal?: string };
  return <ComposerRoom campaign={campaign ?? null} from={from ?? null} goal={goal ?? ""} />;
}

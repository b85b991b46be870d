// From a goal to a plan to the start; a new one may begin like an older campaign.
import { useParams, useSearch } from "@tanstack/react-router";
import { ComposerRoom } from "@/features/campaigns/ComposerRoom";

export function Page() {
  const { campaign } = useParams({ strict: false });
  const { from } = useSearch({ strict: false }) as { from?: string };
  return <ComposerRoom campaign={campaign ?? null} from={from ?? null} />;
}

// From a goal to a plan to the start.
import { useParams } from "@tanstack/react-router";
import { ComposerRoom } from "@/features/campaigns/ComposerRoom";

export function Page() {
  const { campaign } = useParams({ strict: false });
  return <ComposerRoom campaign={campaign ?? null} />;
}

// One campaign.
import { useParams } from "@tanstack/react-router";
import { CampaignRoom } from "@/features/campaigns/CampaignRoom";

export function Page() {
  const { campaign } = useParams({ strict: false });
  return campaign ? <CampaignRoom campaign={campaign} /> : null;
}

// All campaigns.
import { CampaignsRoom } from "@/features/campaigns/CampaignsRoom";

export function Page() {
  return <CampaignsRoom />;
}

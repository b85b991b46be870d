// From a goal to a plan to the start.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { Room } from "@/shared/layout/Room";
import { DraftPane } from "./DraftPane";
import { NewCampaign } from "./NewCampaign";

export interface ComposerRoomProps {
  /** The campaign whose plan is worked on; null for a new one. */
  campaign: string | null;
  /** The campaign that a new one begins like. */
  from?: string | null;
  /** The goal that a new one begins with. */
  goal?: string;
}

export function ComposerRoom({ campaign, from = null, goal = "" }: ComposerRoomProps) {
  const { t } = useTranslation();
  if (campaign !== null) return <DraftPane key={campaign} campaign={campaign} />;
  return (
    <Room
      above={<Link to={at.campaigns as string}>{t("frame.room.campaigns")}</Link>}
      title={t("campaigns.compose.title")}
    >
      <NewCampaign key={`${from} ${goal}`} from={from} goal={goal} />
    </Room>
  );
}

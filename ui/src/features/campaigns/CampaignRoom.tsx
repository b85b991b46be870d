// One campaign: how far it is, what it made, what it costs.
import { Hammer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { EmptyState } from "@/shared/parts/States";

export interface CampaignRoomProps {
  campaign: string;
}

export function CampaignRoom(_: CampaignRoomProps) {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.campaigns")}>
      <div className="m-auto">
        <EmptyState icon={Hammer} title={t("frame.soon.title")} text={t("frame.soon.text")} />
      </div>
    </Room>
  );
}

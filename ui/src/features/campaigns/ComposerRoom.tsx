// From a goal to a plan to the start.
import { Hammer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { EmptyState } from "@/shared/parts/States";

export interface ComposerRoomProps {
  /** The campaign whose plan is worked on; null for a new one. */
  campaign: string | null;
}

export function ComposerRoom(_: ComposerRoomProps) {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.campaigns")}>
      <div className="m-auto">
        <EmptyState icon={Hammer} title={t("frame.soon.title")} text={t("frame.soon.text")} />
      </div>
    </Room>
  );
}

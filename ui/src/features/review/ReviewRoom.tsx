// Three panes: the queue, the item as its network will show it, the evidence.
import { Hammer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { EmptyState } from "@/shared/parts/States";

export interface ReviewRoomProps {
  /** The opened item, from the address. */
  review: string | null;
}

export function ReviewRoom(_: ReviewRoomProps) {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.review")}>
      <div className="m-auto">
        <EmptyState icon={Hammer} title={t("frame.soon.title")} text={t("frame.soon.text")} />
      </div>
    </Room>
  );
}

// The sandbox network as its readers see it.
import { Hammer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { EmptyState } from "@/shared/parts/States";

export interface NetworkRoomProps {
  /** The opened post, from the address. */
  post: string | null;
}

export function NetworkRoom(_: NetworkRoomProps) {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.content")}>
      <div className="m-auto">
        <EmptyState icon={Hammer} title={t("frame.soon.title")} text={t("frame.soon.text")} />
      </div>
    </Room>
  );
}

// All personas, and the editor of one.
import { Hammer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { EmptyState } from "@/shared/parts/States";

export interface PersonasRoomProps {
  /** The opened one, from the address; "new" writes another. */
  agent: string | null;
}

export function PersonasRoom(_: PersonasRoomProps) {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.personas")}>
      <div className="m-auto">
        <EmptyState icon={Hammer} title={t("frame.soon.title")} text={t("frame.soon.text")} />
      </div>
    </Room>
  );
}

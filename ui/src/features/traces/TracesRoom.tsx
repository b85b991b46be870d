// Runs, their spans, what went in and came out.
import { Hammer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { EmptyState } from "@/shared/parts/States";

export interface TracesRoomProps {
  /** The opened run, from the address. */
  trace: string | null;
  /** The chosen span in it. */
  span: string | null;
}

export function TracesRoom(_: TracesRoomProps) {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.traces")}>
      <div className="m-auto">
        <EmptyState icon={Hammer} title={t("frame.soon.title")} text={t("frame.soon.text")} />
      </div>
    </Room>
  );
}

// The policy in force.
import { Hammer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { EmptyState } from "@/shared/parts/States";

export function PoliciesRoom() {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.policies")}>
      <div className="m-auto">
        <EmptyState icon={Hammer} title={t("frame.soon.title")} text={t("frame.soon.text")} />
      </div>
    </Room>
  );
}

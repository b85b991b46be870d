// A room that none of the person's roles opens. The backend refuses anyway; this says it kindly.
import { Link } from "@tanstack/react-router";
import { DoorClosed } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/shared/parts/Button";
import { EmptyState } from "@/shared/parts/States";

export function NotYours() {
  const { t } = useTranslation();
  return (
    <div className="m-auto">
      <EmptyState
        icon={DoorClosed}
        title={t("frame.notYours.title")}
        text={t("frame.notYours.text")}
        action={
          <Link to="/" className={buttonClass("plain", "sm")}>
            {t("frame.lost.home")}
          </Link>
        }
      />
    </div>
  );
}

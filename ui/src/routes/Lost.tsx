// An address that leads nowhere.
import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/shared/parts/Button";
import { EmptyState } from "@/shared/parts/States";

export function Lost() {
  const { t } = useTranslation();
  return (
    <main className="grid h-full place-items-center bg-surface">
      <h1 className="sr-only">{t("frame.lost.title")}</h1>
      <EmptyState
        icon={Compass}
        title={t("frame.lost.title")}
        text={t("frame.lost.text")}
        action={
          <Link to="/" className={buttonClass("plain", "sm")}>
            {t("frame.lost.home")}
          </Link>
        }
      />
    </main>
  );
}

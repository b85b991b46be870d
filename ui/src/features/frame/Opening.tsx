// What stands in the window until the backend has said who is signed in: the window is up before the runtime is.
import { useTranslation } from "react-i18next";
import { Mark } from "@/shared/parts/Mark";
import { Loading } from "@/shared/parts/Skeleton";

export function Opening() {
  const { t } = useTranslation();
  return (
    <main className="grid h-full place-items-center bg-frame">
      <Loading label={t("frame.status.connecting")}>
        <div className="flex flex-col items-center gap-3 text-fg-muted">
          <Mark size={48} />
          <p>{t("frame.status.connecting")}</p>
        </div>
      </Loading>
    </main>
  );
}

// Alerts that nobody has seen yet, from every room.
import { Link } from "@tanstack/react-router";
import { Bell as BellIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Await } from "@/shared/parts/Await";
import { buttonClass } from "@/shared/parts/Button";
import { Icon } from "@/shared/parts/Icon";
import { Popover } from "@/shared/parts/Popover";
import { RelativeTime } from "@/shared/parts/RelativeTime";

const SHOWN_MAX = 5;

function Alerts() {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/alerts", { params: { query: { limit: 20 } } });
  return (
    <Await query={query} failed={t("frame.bell.failed")} className="">
      {({ items }) => {
        const unseen = items.filter(({ acknowledged_at }) => acknowledged_at === null);
        return (
          <div className="flex flex-col gap-2.5">
            {unseen.length === 0 && <p className="text-fg-muted">{t("frame.bell.none")}</p>}
            <ul className="flex flex-col gap-2 empty:hidden">
              {unseen.slice(0, SHOWN_MAX).map((alert) => (
                <li key={alert.id}>
                  <p className="font-medium text-fg-strong leading-[18px]">{alert.title}</p>
                  <RelativeTime at={alert.created_at} className="text-11 text-fg-muted" />
                </li>
              ))}
            </ul>
            <Link to={at.incidents} className={buttonClass("plain", "sm")}>
              {t("frame.bell.all")}
            </Link>
          </div>
        );
      }}
    </Await>
  );
}

export function Bell({ me }: { me: Wire<"Me"> }) {
  const { t } = useTranslation();
  const { data: gauge } = hooks.useQuery("get", "/api/v1/swarm/gauge");
  if (!me.may.includes("alert_read")) return null;
  const count = gauge?.alerts_open ?? 0;
  return (
    <Popover
      title={t("frame.bell.title")}
      align="end"
      trigger={
        <button
          type="button"
          aria-label={t("frame.bell.label", { count })}
          className={`${buttonClass("quiet", "sm")} relative w-6 px-0!`}
        >
          <Icon of={BellIcon} size="sm" />
          {count > 0 && (
            <span
              aria-hidden
              className="absolute top-0.5 right-0.5 size-[7px] rounded-full bg-bad-fill ring-2 ring-surface"
            />
          )}
        </button>
      }
    >
      <Alerts />
    </Popover>
  );
}

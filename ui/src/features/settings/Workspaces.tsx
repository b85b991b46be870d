// The workspaces of the installation, for the owner of its first one: they are made here, and never looked into.
import { Building2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { useMe } from "@/shared/session/useMe";
import { MakeWorkspace } from "./MakeWorkspace";

export function Workspaces() {
  const { t } = useTranslation();
  const { tenant } = useMe();
  const query = hooks.useQuery("get", "/api/v1/swarm/tenants");
  const [making, setMaking] = useState(false);
  return (
    <Card
      title={t("settings.tab.workspaces")}
      aside={
        <Button size="sm" icon={Building2} onClick={() => setMaking(true)}>
          {t("settings.workspaces.add")}
        </Button>
      }
    >
      <Await query={query} failed={t("settings.workspaces.failed")}>
        {({ items }) => (
          <ul>
            {items.map((item) => (
              <li
                key={item.id}
                className="flex min-h-11 items-center gap-3 border-line border-b px-3 py-1.5 last:border-b-0"
              >
                <span className="min-w-0 flex-1">
                  <span className="flex items-center gap-1.5">
                    <b className="clip font-medium text-fg-strong">{item.name}</b>
                    {item.id === tenant.id && (
                      <Badge tone="accent">{t("settings.workspaces.here")}</Badge>
                    )}
                  </span>
                  <code className="clip block font-mono text-12 text-fg-muted">{item.slug}</code>
                </span>
                <RelativeTime at={item.created_at} className="flex-none text-12 text-fg-muted" />
              </li>
            ))}
          </ul>
        )}
      </Await>
      <p className="border-line border-t px-3 py-2.5 text-12 text-fg-muted">
        {t("settings.workspaces.text")}
      </p>
      {making && <MakeWorkspace onClose={() => setMaking(false)} />}
    </Card>
  );
}

// Whether the window may tell this person something through the system while they look elsewhere.
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { Card, CardBody } from "@/shared/parts/Card";
import { Switch } from "@/shared/parts/Toggles";
import { sayFailed } from "@/shared/parts/toast/sayFailed";

/** The window looks at this setting before it shows anything. */
const SETTING = "notifications";
const OFF = "off";

export function Notifications() {
  const { t } = useTranslation();
  const { data } = hooks.useQuery("get", "/api/v1/preferences");
  const { mutate, isPending } = hooks.useMutation("put", "/api/v1/preferences", {
    onError: sayFailed(t("settings.look.notificationsFailed")),
  });
  const values = (data?.values ?? {}) as Readonly<Record<string, unknown>>;
  return (
    <Card title={t("settings.look.notifications")}>
      <CardBody className="flex items-center gap-4">
        <p className="min-w-0 flex-1 text-12 text-fg-muted">
          {t("settings.look.notificationsText")}
        </p>
        <Switch
          checked={values[SETTING] !== OFF}
          disabled={!data || isPending}
          onChange={(on) => mutate({ body: { values: { ...values, [SETTING]: on ? "on" : OFF } } })}
        >
          {t("settings.look.notificationsOn")}
        </Switch>
      </CardBody>
    </Card>
  );
}

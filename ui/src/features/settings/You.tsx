// One's own account, this session, and the password.
import { useTranslation } from "react-i18next";
import { absoluteTime } from "@/shared/format/time";
import { formatLocale } from "@/shared/i18n/locale";
import { Badge } from "@/shared/parts/Badge";
import { Callout } from "@/shared/parts/Callout";
import { Card, CardBody } from "@/shared/parts/Card";
import { KeyValue } from "@/shared/parts/KeyValue";
import { useMe } from "@/shared/session/useMe";
import { Password } from "./Password";
import { Places } from "./Places";

export function You() {
  const { t } = useTranslation();
  const { user, tenant, session, solo } = useMe();
  const written = (time: string) => absoluteTime(new Date(time), formatLocale());
  return (
    <div className="grid grid-cols-2 items-start gap-3.5">
      <div className="flex min-w-0 flex-col gap-3.5">
        <Card title={t("settings.you.account")}>
          <CardBody className="flex flex-col gap-3">
            <KeyValue
              rows={[
                [t("settings.you.name"), user.name],
                [t("settings.you.email"), user.email],
                [t("settings.you.workspace"), tenant.name],
                [
                  t("settings.you.roles"),
                  <span key="roles" className="flex flex-wrap gap-1 pt-px">
                    {user.roles.map((role) => (
                      <Badge key={role}>{t(`frame.role.${role}`)}</Badge>
                    ))}
                  </span>,
                ],
                [t("settings.you.since"), written(user.created_at)],
              ]}
            />
            {solo && <Callout tone="info">{t("settings.you.solo")}</Callout>}
          </CardBody>
        </Card>
        <Card title={t("settings.you.session")}>
          <CardBody>
            <KeyValue
              rows={[
                [t("settings.you.sessionSince"), written(session.created_at)],
                [t("settings.you.sessionUntil"), written(session.expires_at)],
              ]}
            />
          </CardBody>
        </Card>
      </div>
      <div className="flex min-w-0 flex-col gap-3.5">
        <Password />
        <Places />
      </div>
    </div>
  );
}

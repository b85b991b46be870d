// What this is: version, API, license.
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { Card, CardBody } from "@/shared/parts/Card";
import { KeyValue } from "@/shared/parts/KeyValue";

/** Where the backend serves the document of its API. */
const DOCUMENT_PATH = "/api/docs";

export function About() {
  const { t } = useTranslation();
  const setup = hooks.useQuery("get", "/api/v1/setup");
  return (
    <Card title={t("frame.product")}>
      <Await query={setup} failed={t("settings.about.failed")}>
        {({ version }) => (
          <CardBody className="flex flex-col gap-3">
            <KeyValue
              rows={[
                [t("settings.about.version"), version],
                [
                  t("settings.about.contract"),
                  t("settings.about.contractText", { path: DOCUMENT_PATH }),
                ],
                [t("settings.about.license"), t("settings.about.licenseName")],
              ]}
            />
            <p className="text-12 text-fg-muted">{t("settings.about.phones")}</p>
          </CardBody>
        )}
      </Await>
    </Card>
  );
}

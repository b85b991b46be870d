// Theme and density, taking effect at once.
import { useTranslation } from "react-i18next";
import { DENSITIES, THEMES, usePreference } from "@/shared/hooks/usePreference";
import { Card, CardBody } from "@/shared/parts/Card";
import { Segmented } from "@/shared/parts/Segmented";
import { Notifications } from "./Notifications";

export function Look() {
  const { t } = useTranslation();
  const { theme, setTheme, density, setDensity } = usePreference();
  return (
    <div className="flex flex-col gap-3.5">
      <Card title={t("settings.look.theme")}>
        <CardBody className="flex items-center gap-4">
          <p className="min-w-0 flex-1 text-12 text-fg-muted">{t("settings.look.themeText")}</p>
          <Segmented
            label={t("settings.look.theme")}
            segments={THEMES.map((value) => ({ value, label: t(`frame.theme.${value}`) }))}
            value={theme}
            onChange={setTheme}
          />
        </CardBody>
      </Card>
      <Notifications />
      <Card title={t("settings.look.density")}>
        <CardBody className="flex items-center gap-4">
          <p className="min-w-0 flex-1 text-12 text-fg-muted">{t("settings.look.densityText")}</p>
          <Segmented
            label={t("settings.look.density")}
            segments={DENSITIES.map((value) => ({ value, label: t(`frame.density.${value}`) }))}
            value={density}
            onChange={setDensity}
          />
        </CardBody>
      </Card>
    </div>
  );
}

// Every key of the console, wherever it acts; each can be changed.
import { useTranslation } from "react-i18next";
import { useKeymap } from "@/shared/keys/keymap";
import { ACTIONS } from "@/shared/keys/table";
import { Button } from "@/shared/parts/Button";
import { Card, CardBody } from "@/shared/parts/Card";
import { KeyTable } from "@/shared/parts/ShortcutSheet";

export function Keys() {
  const { t } = useTranslation();
  const { overrides, reset } = useKeymap();
  const changed = Object.keys(overrides).length > 0;
  return (
    <Card
      title={t("keys.sheet.title")}
      aside={
        changed && (
          <Button size="sm" onClick={() => reset()}>
            {t("settings.keys.resetAll")}
          </Button>
        )
      }
    >
      <CardBody>
        <p className="mb-3 text-12 text-fg-muted">{t("settings.keys.text")}</p>
        <KeyTable actions={ACTIONS} />
      </CardBody>
    </Card>
  );
}

// Every key of the console, wherever it acts; each can be changed.
import { useTranslation } from "react-i18next";
import { useKeymap } from "@/shared/keys/keymap";
import { ACTIONS, type Action, KEY_TABLE } from "@/shared/keys/table";
import { Button } from "@/shared/parts/Button";
import { Card, CardBody } from "@/shared/parts/Card";
import { KeyTable } from "@/shared/parts/ShortcutSheet";
import { useMe } from "@/shared/session/useMe";

/** Keys that go to a room are of use only to those who have that room: "goReview" leads to "review". */
function useUsable(): readonly Action[] {
  const { rooms } = useMe();
  const ways = new Set(rooms.map((room) => `go${room[0]?.toUpperCase()}${room.slice(1)}`));
  return ACTIONS.filter((action) => KEY_TABLE[action].scope !== "go" || ways.has(action));
}

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
        <KeyTable actions={useUsable()} />
      </CardBody>
    </Card>
  );
}

// One's own account, the look, the keys, people with their roles, API keys, workspaces, and what this is.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { Tabs } from "@/shared/parts/Tabs";
import { useMay } from "@/shared/session/useMe";
import { About } from "./About";
import { ApiKeys } from "./ApiKeys";
import { Keys } from "./Keys";
import { Look } from "./Look";
import { People } from "./People";
import { Workspaces } from "./Workspaces";
import { You } from "./You";

const TABS = ["you", "look", "keys", "people", "access", "workspaces", "about"] as const;
type TabName = (typeof TABS)[number];

const PANELS: Record<TabName, () => React.ReactNode> = {
  you: () => <You />,
  look: () => <Look />,
  keys: () => <Keys />,
  people: () => <People />,
  access: () => <ApiKeys />,
  workspaces: () => <Workspaces />,
  about: () => <About />,
};

export function SettingsRoom() {
  const { t } = useTranslation();
  const may = { people: useMay("people"), access: useMay("keys"), workspaces: useMay("tenants") };
  const [tab, setTab] = useState<TabName>("you");
  const shown = TABS.filter((name) => !(name in may) || may[name as keyof typeof may]);
  return (
    <Room title={t("frame.room.settings")}>
      <Tabs
        label={t("settings.sections")}
        value={tab}
        onChange={setTab}
        tabs={shown.map((value) => ({
          value,
          label: t(`settings.tab.${value}`),
          panel: <div className="mx-auto w-[min(860px,100%)] px-5 py-4">{PANELS[value]()}</div>,
        }))}
      />
    </Room>
  );
}

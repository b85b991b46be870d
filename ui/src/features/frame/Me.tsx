// Who is signed in and as what; behind it the look, the keys and the way out.
import { ChevronsUpDown, Keyboard, LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DENSITIES, THEMES, usePreference } from "@/shared/hooks/usePreference";
import { PersonAvatar } from "@/shared/parts/Avatar";
import { Icon } from "@/shared/parts/Icon";
import { KeyHint } from "@/shared/parts/Kbd";
import { Menu, MenuChoice, MenuItem, MenuLine } from "@/shared/parts/Menu";
import { holdsEvery } from "@/shared/session/roles";
import type { Person } from "./model";

export interface MeProps {
  person: Person;
  solo: boolean;
  onSheet: () => void;
  onSignOut: () => void;
}

export function Me({ person, solo, onSheet, onSignOut }: MeProps) {
  const { t } = useTranslation();
  const { theme, setTheme, density, setDensity } = usePreference();
  const roles = solo
    ? t("frame.solo")
    : holdsEvery(person.roles)
      ? t("frame.everyRole")
      : person.roles.map((role) => t(`frame.role.${role}`)).join(", ");
  const trigger = (
    <button
      type="button"
      title={roles}
      className="mt-2 flex w-full flex-none items-center gap-2 rounded-6 p-1.5 text-left hover:bg-hover max-wide:justify-center max-wide:px-0"
    >
      <span className="sr-only">{t("frame.me.menu")}</span>
      <PersonAvatar id={person.id} name={person.name} size="md" />
      <span className="min-w-0 flex-1 max-wide:sr-only">
        <b className="clip block font-medium text-fg-strong leading-4">{person.name}</b>
        <span className="clip block text-11 text-fg-muted leading-[14px]">{roles}</span>
      </span>
      <Icon of={ChevronsUpDown} size="sm" className="text-fg-faint max-wide:hidden" />
    </button>
  );
  return (
    <div className="border-line border-t">
      <Menu trigger={trigger} align="start" side="top">
        <MenuChoice
          label={t("frame.theme.label")}
          value={theme}
          onChange={setTheme}
          choices={THEMES.map((value) => ({ value, label: t(`frame.theme.${value}`) }))}
        />
        <MenuChoice
          label={t("frame.density.label")}
          value={density}
          onChange={setDensity}
          choices={DENSITIES.map((value) => ({ value, label: t(`frame.density.${value}`) }))}
        />
        <MenuLine />
        <MenuItem icon={Keyboard} onSelect={onSheet} aside={<KeyHint action="sheet" />}>
          {t("frame.me.keys")}
        </MenuItem>
        <MenuItem icon={LogOut} onSelect={onSignOut}>
          {t("frame.me.signOut")}
        </MenuItem>
      </Menu>
    </div>
  );
}

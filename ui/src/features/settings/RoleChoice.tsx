// Which roles a person has, each with what it opens.
import { useTranslation } from "react-i18next";
import { Checkbox } from "@/shared/parts/Toggles";
import { ROLES, type Role } from "@/shared/session/roles";

export interface RoleChoiceProps {
  roles: readonly Role[];
  onChange: (roles: Role[]) => void;
}

export function RoleChoice({ roles, onChange }: RoleChoiceProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-12 text-fg-muted">{t("settings.people.roles")}</legend>
      {ROLES.map((role) => (
        <Checkbox
          key={role}
          checked={roles.includes(role)}
          onChange={(on) =>
            onChange(ROLES.filter((one) => (one === role ? on : roles.includes(one))))
          }
        >
          <span className="text-fg-strong">{t(`frame.role.${role}`)}</span>
          <span className="text-12 text-fg-muted">{t(`settings.people.roleText.${role}`)}</span>
        </Checkbox>
      ))}
    </fieldset>
  );
}

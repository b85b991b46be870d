// An action of the audit log in words. What a newer backend writes and this console does not know yet stays as it is
// written.
import { useTranslation } from "react-i18next";

export function useActWords(): (action: string) => string {
  const { i18n, t } = useTranslation();
  return (action) => {
    const key = `audit.act.${action}`;
    return i18n.exists(key) ? t(key as "audit.act.campaign.start") : action;
  };
}

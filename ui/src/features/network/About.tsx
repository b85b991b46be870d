// Beside the posts: that this network is local, and whose accounts are in it.
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { useTranslation } from "react-i18next";
import { at } from "@/shared/addresses";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Section } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { atName } from "@/shared/parts/post/PostCard";
import { useMay } from "@/shared/session/useMe";
import type { Account } from "./useNetwork";

export interface AboutProps {
  accounts: readonly Account[];
  names: ReadonlyMap<string, string>;
  handle: string | null;
  onHandle: (handle: string | null) => void;
}

const ROW =
  "flex h-9 w-full items-center gap-2 rounded-6 px-2 text-left hover:bg-hover aria-pressed:bg-selected";

function AccountRow({ account, name, on, onToggle }: AccountRowProps) {
  const { t } = useTranslation();
  const may = useMay("persona_read");
  return (
    <li className="flex items-center gap-1">
      <button type="button" aria-pressed={on} onClick={onToggle} className={clsx(ROW, "min-w-0")}>
        <AgentAvatar id={account.agent} name={name} size="md" />
        <span className="min-w-0">
          <span className="clip block font-medium text-fg-strong leading-4">
            <HiddenText>{name}</HiddenText>
          </span>
          <span className="clip block text-11 text-fg-muted">{atName(account.handle)}</span>
        </span>
      </button>
      {may && (
        <Link
          to={at.persona(account.agent) as string}
          aria-label={t("network.persona", { name })}
          className="flex-none text-11 text-accent-fg hover:underline"
        >
          {t("parts.origin.persona")}
        </Link>
      )}
    </li>
  );
}

interface AccountRowProps {
  account: Account;
  name: string;
  on: boolean;
  onToggle: () => void;
}

export function About({ accounts, names, handle, onHandle }: AboutProps) {
  const { t } = useTranslation();
  return (
    <div className="min-h-0 flex-1 overflow-auto bg-surface">
      <Section title={t("network.about")}>
        <p className="text-12 text-fg-muted">{t("network.localText")}</p>
        <p className="mt-2 text-12 text-fg-muted">{t("network.figuresText")}</p>
      </Section>
      {accounts.length > 0 && (
        <Section title={t("network.accounts")}>
          <ul className="-ml-2 flex flex-col">
            <li>
              <button
                type="button"
                aria-pressed={handle === null}
                onClick={() => onHandle(null)}
                className={ROW}
              >
                {t("network.everybody")}
              </button>
            </li>
            {accounts.map((account) => (
              <AccountRow
                key={account.handle}
                account={account}
                name={names.get(account.agent) ?? account.displayName ?? account.handle}
                on={handle === account.handle}
                onToggle={() => onHandle(account.handle)}
              />
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

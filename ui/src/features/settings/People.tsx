// Everybody with an account, what their roles are, and the ways to add and change one.
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { PersonAvatar } from "@/shared/parts/Avatar";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { holdsEvery } from "@/shared/session/roles";
import { useMe } from "@/shared/session/useMe";
import { AddPerson } from "./AddPerson";
import { EditPerson } from "./EditPerson";

function Row({ user, onEdit }: { user: Wire<"User">; onEdit: () => void }) {
  const { t } = useTranslation();
  const mine = useMe().user.id === user.id;
  const closed = user.disabled_at !== null;
  const service = user.kind === "service";
  return (
    <li className="flex min-h-12 items-center gap-3 border-line border-b px-3 py-1.5 last:border-b-0">
      <PersonAvatar id={user.id} name={user.name} size="md" />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1.5">
          <b className="clip font-medium text-fg-strong">{user.name}</b>
          {service && <Badge>{t("settings.people.service")}</Badge>}
          {mine && <Badge tone="accent">{t("settings.people.you")}</Badge>}
          {closed && <Badge tone="bad">{t("settings.people.disabled")}</Badge>}
        </span>
        <span className="clip block text-12 text-fg-muted">
          {service ? t("settings.people.serviceText") : user.email}
        </span>
      </span>
      <span className="flex max-w-[46%] flex-wrap justify-end gap-1">
        {holdsEvery(user.roles) ? (
          <Badge>{t("frame.everyRole")}</Badge>
        ) : (
          user.roles.map((role) => <Badge key={role}>{t(`frame.role.${role}`)}</Badge>)
        )}
      </span>
      <RelativeTime
        at={user.created_at}
        className="w-24 flex-none text-right text-12 text-fg-muted"
      />
      {service ? (
        // Nothing to change, and the columns stay in line.
        <span className="w-[62px] flex-none" />
      ) : (
        <Button
          size="sm"
          onClick={onEdit}
          aria-label={t("settings.people.editTitle", { name: user.name })}
        >
          {t("settings.people.edit")}
        </Button>
      )}
    </li>
  );
}

type Opened = { kind: "add" } | { kind: "edit"; user: Wire<"User"> } | null;

export function People() {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/users");
  const { data: setup } = hooks.useQuery("get", "/api/v1/setup");
  const [opened, setOpened] = useState<Opened>(null);
  const min = setup?.password_min_chars ?? 0;
  const close = () => setOpened(null);
  return (
    <Card
      title={t("settings.tab.people")}
      aside={
        <Button size="sm" icon={UserPlus} onClick={() => setOpened({ kind: "add" })}>
          {t("settings.people.add")}
        </Button>
      }
    >
      <Await query={query} failed={t("settings.people.failed")}>
        {({ items }) => (
          <ul>
            {items.map((user) => (
              <Row key={user.id} user={user} onEdit={() => setOpened({ kind: "edit", user })} />
            ))}
          </ul>
        )}
      </Await>
      {query.data?.items.filter(({ kind }) => kind === "person").length === 1 && (
        <p className="border-line border-t px-3 py-2.5 text-12 text-fg-muted">
          {t("settings.people.alone")}
        </p>
      )}
      {opened?.kind === "add" && <AddPerson passwordMin={min} onClose={close} />}
      {opened?.kind === "edit" && (
        <EditPerson user={opened.user} passwordMin={min} onClose={close} />
      )}
    </Card>
  );
}

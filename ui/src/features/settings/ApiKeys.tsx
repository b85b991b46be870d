// API keys of the workspace: by their first signs, with what they may and when they were used; made and revoked here.
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { CancelButton, Dialog } from "@/shared/parts/Dialog";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { say } from "@/shared/parts/toast/toasts";
import { MakeKey } from "./MakeKey";

type Key = Wire<"ApiKey">;

function Row({ item, onRevoke }: { item: Key; onRevoke: () => void }) {
  const { t } = useTranslation();
  const ended =
    item.revoked_at ?? (new Date(item.expires_at) < new Date() ? item.expires_at : null);
  return (
    <li className="flex min-h-12 items-center gap-3 border-line border-b px-3 py-1.5 last:border-b-0">
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1.5">
          <b className="clip font-medium text-fg-strong">
            <HiddenText>{item.name}</HiddenText>
          </b>
          {item.revoked_at && <Badge tone="bad">{t("settings.access.revoked")}</Badge>}
          {!item.revoked_at && ended && <Badge>{t("settings.access.ended")}</Badge>}
        </span>
        <span className="clip block text-12 text-fg-muted">
          <code className="mr-1.5 font-mono">{`${item.prefix}…`}</code>
          {item.last_used_at ? (
            <>
              {t("settings.access.used")} <RelativeTime at={item.last_used_at} />
            </>
          ) : (
            t("settings.access.unused")
          )}
        </span>
      </span>
      <span className="flex max-w-[38%] flex-wrap justify-end gap-1">
        {item.roles.map((role) => (
          <Badge key={role}>{t(`frame.role.${role}`)}</Badge>
        ))}
      </span>
      <span className="w-28 flex-none text-right text-12 text-fg-muted">
        {t(ended ? "settings.access.endedAt" : "settings.access.endsAt")}{" "}
        <RelativeTime at={ended ?? item.expires_at} />
      </span>
      <Button
        size="sm"
        disabled={ended !== null}
        onClick={onRevoke}
        aria-label={t("settings.access.revokeTitle", { name: item.name })}
      >
        {t("settings.access.revoke")}
      </Button>
    </li>
  );
}

function Revoke({ item, onClose }: { item: Key; onClose: () => void }) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = hooks.useMutation("delete", "/api/v1/keys/{access_key}");
  const failed = error ? asApiError(error) : null;
  const revoke = () =>
    mutate(
      { params: { path: { access_key: item.id } } },
      {
        onSuccess: () => {
          say({ tone: "done", title: t("settings.access.revokedNow", { name: item.name }) });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("settings.access.revokeTitle", { name: item.name })}
      actions={
        <>
          <CancelButton onClick={onClose} />
          <Button tone="danger" busy={isPending} onClick={revoke}>
            {t("settings.access.revoke")}
          </Button>
        </>
      }
    >
      <p>{t("settings.access.revokeText", { prefix: item.prefix })}</p>
      {failed && (
        <p role="alert" className="text-bad">
          {failed.message} {failed.hint}
        </p>
      )}
    </Dialog>
  );
}

export function ApiKeys() {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/keys");
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  return (
    <Card
      title={t("settings.access.title")}
      aside={
        <Button size="sm" icon={KeyRound} onClick={() => setMaking(true)}>
          {t("settings.access.add")}
        </Button>
      }
    >
      <Await query={query} failed={t("settings.access.failed")}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              icon={KeyRound}
              title={t("settings.access.none")}
              text={t("settings.access.noneText")}
            />
          ) : (
            <ul>
              {items.map((item) => (
                <Row key={item.id} item={item} onRevoke={() => setRevoking(item)} />
              ))}
            </ul>
          )
        }
      </Await>
      <p className="border-line border-t px-3 py-2.5 text-12 text-fg-muted">
        {t("settings.access.text")}
      </p>
      {making && <MakeKey onClose={() => setMaking(false)} />}
      {revoking && <Revoke item={revoking} onClose={() => setRevoking(null)} />}
    </Card>
  );
}

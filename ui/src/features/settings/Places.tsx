// Where one is signed in, and ending all of it at once.
import { useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RelativeTime } from "@/shared/parts/RelativeTime";

export function Places() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const query = hooks.useQuery("get", "/api/v1/sessions");
  const { mutate, isPending, isError } = hooks.useMutation("delete", "/api/v1/sessions", {
    // Nothing of it is true any more, and the next read asks for signing in.
    onSuccess: () => void cache.invalidateQueries(),
  });
  return (
    <Card
      title={t("settings.places.title")}
      aside={
        <Button size="sm" icon={LogOut} busy={isPending} onClick={() => mutate({})}>
          {t("settings.places.endAll")}
        </Button>
      }
    >
      <Await query={query} failed={t("settings.places.failed")}>
        {({ items }) => (
          <ul>
            {items.map((place) => (
              <li
                key={place.id}
                className="flex min-h-10 items-center gap-3 border-line border-b px-3 py-1.5 last:border-b-0"
              >
                <span className="flex min-w-0 flex-1 items-center gap-1.5">
                  <span className="clip text-fg-strong">
                    <HiddenText>{place.label}</HiddenText>
                  </span>
                  {place.here && <Badge tone="accent">{t("settings.places.here")}</Badge>}
                </span>
                <RelativeTime
                  at={place.last_used_at ?? place.created_at}
                  className="flex-none text-12 text-fg-muted"
                />
              </li>
            ))}
          </ul>
        )}
      </Await>
      <p className="border-line border-t px-3 py-2.5 text-12 text-fg-muted">
        {isError ? t("settings.places.endFailed") : t("settings.places.text")}
      </p>
    </Card>
  );
}

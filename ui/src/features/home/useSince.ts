// Since when "away" counts: when this person last said that they had seen all, kept by the backend with their settings.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { DAY_MS } from "@/shared/format/time";
import { sayFailed } from "@/shared/parts/toast/sayFailed";

const SEEN = "home_seen_at";
/** Who was away longer is told of a week: older things are found in their rooms. */
const LONGEST_DAYS = 7;

export interface Since {
  /** Milliseconds since the epoch; null until it is known. */
  since: number | null;
  /** Nobody ever said that all was seen; `since` is a day ago then. */
  first: boolean;
  /** From now on, only what comes next is new. */
  seenAll: () => void;
  busy: boolean;
}

export function useSince(): Since {
  const { t } = useTranslation();
  const [opened] = useState(() => Date.now());
  const { data, isError } = hooks.useQuery("get", "/api/v1/preferences");
  const { mutate, isPending } = hooks.useMutation("put", "/api/v1/preferences", {
    onError: sayFailed(t("home.seenAllFailed")),
  });
  const values = (data?.values ?? {}) as Readonly<Record<string, unknown>>;
  const kept = typeof values[SEEN] === "string" ? Date.parse(values[SEEN]) : Number.NaN;
  const first = Number.isNaN(kept);
  const since = first ? opened - DAY_MS : Math.max(kept, opened - LONGEST_DAYS * DAY_MS);
  return {
    since: data || isError ? since : null,
    first,
    busy: isPending,
    seenAll: () => mutate({ body: { values: { ...values, [SEEN]: new Date().toISOString() } } }),
  };
}

// Degraded mode along the upper edge of every room: what does not work, what waits for it, and what goes on.
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { formatLocale } from "@/shared/i18n/locale";
import { Icon } from "@/shared/parts/Icon";

/** It clears by itself, also where no fact tells of it. */
const LOOK_MS = 10_000;
const SHOWN_MAX = 3;

function timeOfDay(at: string): string {
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Date(at).toLocaleTimeString(formatLocale(), format);
}

function Words({ trouble }: { trouble: Wire<"Trouble"> }) {
  const { t } = useTranslation();
  return (
    <li className="min-w-0 [overflow-wrap:anywhere]" title={trouble.detail}>
      <b className="font-medium text-fg-strong">{trouble.what}</b>
      {trouble.since && <> {t("frame.troubles.since", { time: timeOfDay(trouble.since) })}</>}
      {": "}
      {trouble.waits} {trouble.goes_on}
      {/* Whoever reads it is the one who can mend it. */}
      {trouble.part === "disk" && ` ${trouble.detail}`}
    </li>
  );
}

/** Where a person can do something about it; a disk is mended outside of Chimera. */
function roomOf({ part }: Wire<"Trouble">) {
  if (part === "disk") return null;
  return part === "agent" ? "fleet" : "connections";
}

export function Troubles({ me }: { me: Wire<"Me"> }) {
  const { t } = useTranslation();
  const { data } = hooks.useQuery("get", "/api/v1/status", undefined, {
    refetchInterval: LOOK_MS,
  });
  const troubles = data?.troubles ?? [];
  const [first] = troubles;
  if (!first) return null;
  const more = troubles.length - SHOWN_MAX;
  const room = roomOf(first);
  return (
    <section
      aria-label={t("frame.troubles.label")}
      role="status"
      className="flex flex-none items-start gap-2 border-warn-line border-b bg-warn-soft px-4 py-1.5 text-12 text-fg"
    >
      <Icon of={TriangleAlert} size="sm" className="mt-0.5 text-warn" />
      <ul className="min-w-0 flex-1">
        {troubles.slice(0, SHOWN_MAX).map((trouble) => (
          <Words key={`${trouble.part} ${trouble.what}`} trouble={trouble} />
        ))}
        {more > 0 && <li className="text-fg-muted">{t("frame.troubles.more", { count: more })}</li>}
      </ul>
      {room && me.rooms.includes(room) && (
        <Link
          to={room === "fleet" ? at.fleet : at.connections}
          className="flex-none text-accent-fg underline underline-offset-2"
        >
          {t("frame.troubles.look")}
        </Link>
      )}
    </section>
  );
}

// Posts by day as bars, against the limit a day.
import { useTranslation } from "react-i18next";
import { formatLocale } from "@/shared/i18n/locale";
import type { Day } from "./cadence";

export interface CadenceProps {
  days: readonly Day[];
  /** Posts a day, at most. */
  most: number;
}

export function Cadence({ days, most }: CadenceProps) {
  const { t } = useTranslation();
  const name = (at: number) =>
    new Date(at).toLocaleDateString(formatLocale(), {
      weekday: "short",
      day: "numeric",
      month: "short",
    });
  const top = Math.max(1, most, ...days.map(({ posts }) => posts));
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) return null;
  return (
    <div className="mt-1">
      <ul className="relative flex h-7 items-end gap-[3px]">
        <li
          aria-hidden
          className="absolute inset-x-0 border-warn-line border-t border-dashed"
          style={{ bottom: `${(most / top) * 100}%` }}
        />
        {days.map(({ at, posts }) => (
          <li
            key={at}
            title={t("campaigns.plan.onDay", { count: posts, day: name(at) })}
            className="w-3.5 rounded-t-2 bg-accent"
            style={{ height: `${(posts / top) * 100}%` }}
          >
            <span className="sr-only">
              {t("campaigns.plan.onDay", { count: posts, day: name(at) })}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-0.5 whitespace-nowrap text-11 text-fg-muted">
        {first === last ? name(first.at) : `${name(first.at)} – ${name(last.at)}`}
      </p>
    </div>
  );
}

// What readers did with a post. In the sandbox most of it is made up, and it says so in the same line.
import { ChartNoAxesColumn, Heart, MessageCircle, Repeat2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { formatCount, formatShort } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { Badge } from "@/shared/parts/Badge";
import { type Glyph, Icon } from "@/shared/parts/Icon";

const FIGURES: readonly { key: "comments" | "shares" | "likes" | "views"; icon: Glyph }[] = [
  { key: "comments", icon: MessageCircle },
  { key: "shares", icon: Repeat2 },
  { key: "likes", icon: Heart },
  { key: "views", icon: ChartNoAxesColumn },
];

export function Figures({ engagement }: { engagement: Wire<"SandboxEngagement"> }) {
  const { t } = useTranslation();
  const locale = formatLocale();
  return (
    <ul
      aria-label={t("post.figures")}
      className="mt-2 flex items-center justify-between gap-3 text-12 text-x-muted leading-4"
    >
      {FIGURES.map(({ key, icon }) => {
        const value = engagement.metrics[key];
        if (value === null || value === undefined) return null;
        const words = t(`post.figure.${key}`);
        return (
          <li
            key={key}
            title={`${formatCount(value, locale)} ${words}`}
            className="flex items-center gap-1.5 tnum"
          >
            <Icon of={icon} size="sm" />
            {formatShort(value, locale)}
            <span className="sr-only">{words}</span>
          </li>
        );
      })}
      {engagement.simulated && (
        <li title={engagement.method}>
          <Badge tone="outline">{t("post.simulated")}</Badge>
        </li>
      )}
    </ul>
  );
}
